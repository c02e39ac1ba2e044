// input and textarea.
import { part, type Behaviour, type Field } from "./_kit";
const { Builtin, view, classIn } = window.$M;

/** How long (ms) a value that was typed may come back from the logic as an echo. */
const ECHO = 1000;

let focused: TextField | null = null;
let keyboard = 0;
window.addEventListener("mm-keyboard", (e) => {
  keyboard = Number((e as CustomEvent).detail) || 0;
  focused?.fire("keyboardheightchange", { height: keyboard, duration: 0.25 });
});

abstract class TextField extends Builtin implements Behaviour, Field {
  protected input!: HTMLInputElement | HTMLTextAreaElement;
  private hint!: HTMLElement;
  private initial = "";
  /** values typed and told, with their times: an echo of an older one must not undo what was typed since */
  private told: { value: string; at: number }[] = [];

  protected abstract make(): HTMLInputElement | HTMLTextAreaElement;
  protected readonly preset: string = "input-placeholder";

  override mount(): void {
    this.hint = part("div", "mm-hint");
    this.input = this.make();
    this.append(this.hint, this.input);
    const { input } = this;
    input.maxLength = 140;
    input.addEventListener("input", (e) => {
      if (!(e as InputEvent).isComposing) this.typed();
      this.look();
    });
    input.addEventListener("compositionend", () => this.typed());
    input.addEventListener("focus", () => {
      focused = this;
      this.fire("focus", { value: input.value, height: keyboard });
    });
    input.addEventListener("blur", () => {
      if (focused === this) focused = null;
      this.fire("blur", { value: input.value, cursor: input.selectionEnd ?? input.value.length });
    });
    input.addEventListener("keydown", (event) => {
      const e = event as KeyboardEvent;
      if (e.key !== "Enter" || e.isComposing || !this.confirms(e)) return;
      e.preventDefault();
      this.fire("confirm", { value: input.value });
      if (!this.attr("confirm-hold")) input.blur();
    });
  }
  protected confirms(_e: KeyboardEvent): boolean {
    return true;
  }

  private typed(): void {
    const { value } = this.input;
    this.told.push({ value, at: performance.now() });
    if (this.told.length > 50) this.told.shift();
    view.events.model(this, "value", value);
    this.fire("input", { value, cursor: this.input.selectionEnd ?? value.length });
  }

  private assign(raw: unknown): void {
    const max = this.num("maxlength", 140);
    let value = raw === undefined || raw === null ? "" : String(raw);
    if (max >= 0) value = value.slice(0, max);
    const now = performance.now();
    this.told = this.told.filter((t) => now - t.at < ECHO);
    const echo = this.told.findIndex((t) => t.value === value);
    const newer = echo >= 0 && echo < this.told.length - 1;
    this.told = echo >= 0 ? this.told.slice(echo + 1) : [];
    if (newer || this.input.value === value) return;
    this.input.value = value;
    this.look();
  }

  override changed(name: string, value: unknown): void {
    const { input } = this;
    switch (name) {
      case "value":
        if (!this.live) this.initial = value === undefined || value === null ? "" : String(value);
        return this.assign(value);
      case "maxlength": {
        const max = this.num("maxlength", 140);
        if (max < 0) input.removeAttribute("maxlength");
        else input.maxLength = max;
        return;
      }
      case "placeholder":
        this.hint.textContent = value === undefined || value === null ? "" : String(value);
        return void (input.ariaLabel = this.hint.textContent);
      case "placeholder-style": return void (this.hint.style.cssText = String(value ?? "").replace(/(-?[\d.]+)rpx/g, "calc(100vw / 750 * $1)"));
      case "placeholder-class": return this.dress();
      case "disabled": return void (input.disabled = !!value);
      case "confirm-type": return void (input.enterKeyHint = /^(send|search|next|go|done)$/.test(String(value)) ? String(value) : "");
      case "focus":
      case "auto-focus":
        if (value) return this.focusSoon();
        if (name === "focus" && document.activeElement === input) input.blur();
        return;
      case "cursor":
      case "selection-start":
      case "selection-end":
        if (document.activeElement === input) this.place();
    }
  }
  override ready(): void {
    this.dress();
    this.look();
  }
  private dress(): void {
    const raw = this.str("placeholder-class", this.preset) || this.preset;
    const owner = view.events.ownerOf(this);
    this.hint.className = "mm-hint " + (owner ? classIn(owner.scope, raw) : raw);
  }
  protected look(): void {
    this.hint.hidden = this.input.value !== "";
  }
  private focusSoon(): void {
    requestAnimationFrame(() => {
      if (!this.isConnected || this.input.disabled) return;
      this.input.focus({ preventScroll: true });
      this.scrollIntoView({ block: "nearest" });
      this.place();
    });
  }
  private place(): void {
    const start = this.num("selection-start", -1), end = this.num("selection-end", -1), cursor = this.num("cursor", -1);
    try {
      if (start >= 0 && end >= 0) this.input.setSelectionRange(start, end);
      else if (cursor >= 0) this.input.setSelectionRange(cursor, cursor);
    } catch {
      // kinds of input without a selection
    }
  }

  tapped(): boolean {
    if (document.activeElement !== this.input) this.input.focus();
    return true;
  }
  activate(): void {
    this.input.focus();
  }
  fieldValue(): string {
    return this.input.value;
  }
  fieldReset(): void {
    this.input.value = this.initial;
    this.look();
  }
  property(name: string): unknown {
    return name === "value" ? this.input.value : undefined;
  }
}

const MODES: Record<string, string> = { number: "numeric", digit: "decimal", tel: "tel", idcard: "text" };

class Input extends TextField {
  protected override make(): HTMLInputElement {
    const input = part("input", "mm-field");
    input.type = "text";
    input.autocomplete = "off";
    return input;
  }
  override changed(name: string, value: unknown): void {
    if (name === "type" || name === "password") {
      const type = this.str("type", "text");
      const input = this.input as HTMLInputElement;
      input.type = this.attr("password") || type === "safe-password" ? "password" : "text";
      input.inputMode = MODES[type] || "text";
    } else super.changed(name, value);
  }
}

class Textarea extends TextField {
  protected override readonly preset = "textarea-placeholder";
  private lines = 0;
  protected override make(): HTMLTextAreaElement {
    const area = part("textarea", "mm-field");
    area.rows = 1;
    return area;
  }
  protected override confirms(e: KeyboardEvent): boolean {
    return !e.shiftKey && /^(send|search|next|go|done)$/.test(this.str("confirm-type", "return"));
  }
  override changed(name: string, value: unknown): void {
    if (name === "auto-height") {
      this.toggleAttribute("mm-auto", !!value);
      this.look();
    } else super.changed(name, value);
  }
  override enter(): void {
    requestAnimationFrame(() => this.look());
  }
  protected override look(): void {
    super.look();
    if (!this.live || !this.isConnected) return;
    const area = this.input;
    const auto = !!this.attr("auto-height");
    if (auto) area.style.height = "0";
    const height = area.scrollHeight;
    area.style.height = auto ? height + "px" : "";
    const style = getComputedStyle(area);
    const line = parseFloat(style.lineHeight) || parseFloat(style.fontSize) * 1.2 || 1;
    const lines = Math.max(1, Math.round(height / line));
    if (lines !== this.lines) {
      this.lines = lines;
      this.fire("linechange", { height, heightRpx: (height * 750) / innerWidth, lineCount: lines, lineHeight: line });
    }
  }
}

export const textFields = { input: Input, textarea: Textarea };
