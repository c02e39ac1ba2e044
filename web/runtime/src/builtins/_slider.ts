// slider: one number between two others.
import { dragging, part, type Field } from "./_kit";
const { Builtin, view } = window.$M;

export class Slider extends Builtin implements Field {
  private rail!: HTMLElement;
  private fill!: HTMLElement;
  private knob!: HTMLElement;
  private words!: HTMLElement;
  private value = 0;
  private initial = 0;
  private held = false;

  override mount(): void {
    this.setAttribute("role", "slider");
    this.tabIndex = 0;
    this.rail = part("div", "mm-rail");
    this.fill = part("div", "mm-fill");
    this.knob = part("div", "mm-knob");
    this.words = part("span", "mm-words");
    this.rail.append(this.fill, this.knob);
    this.append(this.rail, this.words);
    const from = (e: PointerEvent): number => {
      const r = this.rail.getBoundingClientRect();
      return r.width ? (e.clientX - r.left) / r.width : 0;
    };
    dragging(this, "x", () => {
      if (this.attr("disabled")) return null;
      this.held = true;
      return {
        move: (_dx, _dy, e) => this.moveTo(from(e), "changing"),
        end: () => {
          this.held = false;
          this.tell("change");
        },
      };
    });
    this.addEventListener("click", (e) => {
      if (!this.attr("disabled") && e.detail > 0 && e.target !== this.words) this.moveTo(from(e as PointerEvent), "change");
    });
    this.addEventListener("keydown", (e) => {
      const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[e.key];
      if (!steps || this.attr("disabled")) return;
      e.preventDefault();
      this.put(this.value + steps * this.step());
      this.tell("change");
    });
  }
  private step(): number {
    const step = this.num("step", 1);
    return step > 0 ? step : 1;
  }
  /** To the nearest step inside the bounds. */
  private put(raw: number): boolean {
    const min = this.num("min", 0), max = Math.max(min, this.num("max", 100)), step = this.step();
    const digits = (String(step).split(".")[1] || "").length;
    const next = Math.min(max, Math.max(min, +(min + Math.round((raw - min) / step) * step).toFixed(digits)));
    const moved = next !== this.value;
    this.value = next;
    this.show();
    return moved;
  }
  private moveTo(share: number, type: string): void {
    const min = this.num("min", 0), max = this.num("max", 100);
    if (this.put(min + Math.min(1, Math.max(0, share)) * (max - min))) this.tell(type);
  }
  private tell(type: string): void {
    view.events.model(this, "value", this.value);
    this.fire(type, { value: this.value });
  }
  override changed(name: string, value: unknown): void {
    if (name === "disabled") {
      this.setAttribute("aria-disabled", String(!!value));
      this.tabIndex = value ? -1 : 0;
    } else if (name === "value" && this.live && !this.held) this.put(this.num("value", 0));
    else if (this.live) this.put(this.value);
  }
  override ready(): void {
    this.put(this.num("value", 0));
    this.initial = this.value;
  }
  private show(): void {
    const min = this.num("min", 0), max = this.num("max", 100);
    const share = max > min ? ((this.value - min) / (max - min)) * 100 : 0;
    const size = Math.min(28, Math.max(12, this.num("block-size", 28)));
    const color = (...names: string[]): string => names.map((n) => this.str(n)).find(Boolean) || "";
    this.rail.style.background = color("backgroundColor", "background-color");
    this.fill.style.background = color("activeColor", "active-color", "selected-color", "color");
    this.fill.style.width = this.knob.style.left = share + "%";
    this.knob.style.width = this.knob.style.height = size + "px";
    this.knob.style.margin = `${-size / 2}px 0 0 ${-size / 2}px`;
    this.knob.style.background = this.str("block-color");
    this.words.hidden = !this.attr("show-value");
    this.words.textContent = String(this.value);
    this.setAttribute("aria-valuemin", String(min));
    this.setAttribute("aria-valuemax", String(max));
    this.setAttribute("aria-valuenow", String(this.value));
  }
  fieldValue(): number {
    return this.value;
  }
  fieldReset(): void {
    this.put(this.initial);
  }
  property(name: string): unknown {
    return name === "value" ? this.value : undefined;
  }
}
