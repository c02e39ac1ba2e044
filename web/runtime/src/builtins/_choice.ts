// checkbox, radio and their groups, switch.
import { part, type Behaviour, type Field } from "./_kit";
const { Builtin, view } = window.$M;

abstract class Choice extends Builtin implements Behaviour {
  protected box!: HTMLElement;
  protected initial = false;
  protected abstract readonly role_: string;

  override mount(): void {
    this.setAttribute("role", this.role_);
    this.setAttribute("aria-checked", "false");
    this.tabIndex = 0;
    this.box = part("i", "mm-box");
    this.prepend(this.box);
  }
  get checked(): boolean {
    return this.getAttribute("aria-checked") === "true";
  }
  check(on: boolean): void {
    this.setAttribute("aria-checked", String(on));
  }
  override changed(name: string, value: unknown): void {
    if (name === "checked") {
      if (!this.live) this.initial = !!value;
      this.check(!!value);
    } else if (name === "disabled") {
      this.setAttribute("aria-disabled", String(!!value));
      this.tabIndex = value ? -1 : 0;
    } else if (name === "color") this.box.style.setProperty("--mm-color", String(value || ""));
  }
  protected abstract toggle(): void;
  tapped(): boolean {
    if (!this.attr("disabled")) this.toggle();
    return true;
  }
  activate(): void {
    this.tapped();
  }
  back(): void {
    this.check(this.initial);
  }
  property(name: string): unknown {
    return name === "checked" ? this.checked : undefined;
  }
}

abstract class Group extends Builtin implements Field {
  abstract choices(): Choice[];
  abstract fieldValue(): unknown;
  fieldReset(): void {
    for (const c of this.choices()) c.back();
  }
  told(): void {
    view.events.model(this, "value", this.fieldValue());
    this.fire("change", { value: this.fieldValue() });
  }
}

class Checkbox extends Choice {
  protected readonly role_ = "checkbox";
  protected toggle(): void {
    this.check(!this.checked);
    view.events.model(this, "checked", this.checked);
    this.closest<CheckboxGroup>("mm-checkbox-group")?.told();
  }
}
class CheckboxGroup extends Group {
  choices(): Choice[] {
    return Array.from(this.querySelectorAll<Checkbox>("mm-checkbox"));
  }
  fieldValue(): string[] {
    return this.choices().filter((c) => c.checked).map((c) => c.str("value"));
  }
}

class Radio extends Choice {
  protected readonly role_ = "radio";
  override check(on: boolean): void {
    super.check(on);
    if (on) for (const other of this.closest("mm-radio-group")?.querySelectorAll<Radio>("mm-radio") || []) if (other !== this && other.live) other.setAttribute("aria-checked", "false");
  }
  protected toggle(): void {
    if (this.checked) return;
    this.check(true);
    this.closest<RadioGroup>("mm-radio-group")?.told();
  }
}
class RadioGroup extends Group {
  override mount(): void {
    this.setAttribute("role", "radiogroup");
  }
  choices(): Choice[] {
    return Array.from(this.querySelectorAll<Radio>("mm-radio"));
  }
  fieldValue(): string {
    return this.choices().find((c) => c.checked)?.str("value") ?? "";
  }
}

class Switch extends Choice implements Field {
  protected readonly role_ = "switch";
  override changed(name: string, value: unknown): void {
    if (name === "type") this.toggleAttribute("mm-check", value === "checkbox");
    else super.changed(name, value);
  }
  protected toggle(): void {
    this.check(!this.checked);
    view.events.model(this, "checked", this.checked);
    this.fire("change", { value: this.checked });
  }
  fieldValue(): boolean {
    return this.checked;
  }
  fieldReset(): void {
    this.back();
  }
}

export const choices = { checkbox: Checkbox, "checkbox-group": CheckboxGroup, radio: Radio, "radio-group": RadioGroup, switch: Switch };
