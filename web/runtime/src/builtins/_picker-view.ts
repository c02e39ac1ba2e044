// picker-view and its columns: wheels inside the page.
import { part, type El } from "./_kit";
import { wheel, type Wheel } from "./_wheel";
const { Builtin, view, classIn } = window.$M;

class Column extends Builtin {
  turn!: Wheel;
  private host(): PickerView | null {
    return this.closest<PickerView>("mm-picker-view");
  }
  items(): Element[] {
    return Array.from(this.children);
  }
  override mount(): void {
    this.turn = wheel(this, () => this.host()?.item ?? 34, () => this.items().length, () => this.host()?.settled(), () => this.host()?.moving());
    new MutationObserver(() => this.host()?.place()).observe(this, { childList: true });
  }
}

class PickerView extends Builtin {
  item = 34;
  private mask!: HTMLElement;
  private band!: HTMLElement;
  private wanted: number[] = [];
  private told = "";
  private height = 0;
  private turning = false;

  private columns(): Column[] {
    return Array.from(this.querySelectorAll<Column>("mm-picker-view-column")).filter((c) => c.live && c.closest("mm-picker-view") === this);
  }
  override mount(): void {
    this.mask = part("div", "mm-mask");
    this.band = part("div", "mm-band");
    this.append(this.mask, this.band);
    new ResizeObserver(() => {
      if (this.clientHeight !== this.height) this.place();
    }).observe(this);
  }
  override changed(name: string, value: unknown): void {
    const owner = view.events.ownerOf(this);
    if (name === "value") {
      this.wanted = Array.isArray(value) ? value.map((v) => Number(v) || 0) : [];
      view.after(() => this.place());
    } else if (name === "indicator-style" || name === "mask-style")
      (name === "mask-style" ? this.mask : this.band).style.cssText = String(value ?? "").replace(/(-?[\d.]+)rpx/g, "calc(100vw / 750 * $1)");
    else if ((name === "indicator-class" || name === "mask-class") && owner)
      (name === "mask-class" ? this.mask : this.band).className = (name === "mask-class" ? "mm-mask " : "mm-band ") + classIn(owner.scope, String(value ?? ""));
    if (this.live) view.after(() => this.place());
  }
  /** Sizes follow the indicator: as high as an item, in the middle. */
  place(): void {
    if (!this.isConnected || !this.clientHeight) return;
    this.height = this.clientHeight;
    this.item = this.band.offsetHeight || 34;
    this.style.setProperty("--mm-item", this.item + "px");
    this.style.setProperty("--mm-pad", Math.max(0, (this.clientHeight - this.item) / 2) + "px");
    this.columns().forEach((c, i) => c.turn.go(this.wanted[i] ?? 0));
  }
  moving(): void {
    if (this.turning) return;
    this.turning = true;
    this.fire("pickstart", {});
  }
  settled(): void {
    const value = this.columns().map((c) => c.turn.index());
    this.wanted = value;
    this.turning = false;
    const now = value.join();
    if (now !== this.told) {
      this.told = now;
      view.events.model(this, "value", value);
      this.fire("change", { value });
    }
    this.fire("pickend", {});
  }
  fieldValue(): number[] {
    return this.columns().map((c) => c.turn.index());
  }
  fieldReset(): void {
    this.wanted = [];
    this.place();
  }
  property(name: string): unknown {
    return name === "value" ? this.fieldValue() : undefined;
  }
}

export const pickerViews: Record<string, CustomElementConstructor> = { "picker-view": PickerView, "picker-view-column": Column };
export type { El };
