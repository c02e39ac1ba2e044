// picker: a sheet of wheels from the bottom of the screen. Modes selector, multiSelector, time and date.
import { part, type Behaviour, type Field } from "./_kit";
import { wheel, type Wheel } from "./_wheel";
const { Builtin, view, calm } = window.$M;

const two = (n: number): string => String(n).padStart(2, "0");
const chinese = (): boolean => !/^en/i.test(document.documentElement.lang || navigator.language);

/** A picker's columns as texts, and the way from indexes to the value an event carries and back. */
export interface Wheels {
  columns(at: number[]): string[][];
  value(at: number[]): unknown;
  indexes(value: unknown): number[];
}

const clampList = (at: number[], lengths: number[]): number[] => lengths.map((n, i) => Math.min(Math.max(0, n - 1), Math.max(0, Math.trunc(Number(at[i]) || 0))));

export function selector(range: unknown, key: string): Wheels {
  const items = Array.isArray(range) ? range : [];
  const texts = items.map((item) => String((key && item !== null && typeof item === "object" ? (item as Record<string, unknown>)[key] : item) ?? ""));
  return { columns: () => [texts], value: (at) => at[0] ?? 0, indexes: (v) => clampList([Number(v)], [texts.length]) };
}

export function multiSelector(range: unknown, key: string): Wheels {
  const columns = (Array.isArray(range) ? range : []).map((list) => selector(list, key).columns([])[0]!);
  return { columns: () => columns, value: (at) => at, indexes: (v) => clampList(Array.isArray(v) ? v : [], columns.map((c) => c.length)) };
}

/** "hh:mm" between start and end, both included. */
export function clockTimes(start: string, end: string): Wheels {
  const parse = (text: string, otherwise: number): number => {
    const m = /^(\d{1,2}):(\d{1,2})$/.exec(text);
    return m ? Math.min(23, +m[1]!) * 60 + Math.min(59, +m[2]!) : otherwise;
  };
  const from = parse(start, 0), to = Math.max(from, parse(end, 23 * 60 + 59));
  const hours = span(Math.floor(from / 60), Math.floor(to / 60));
  const minutes = (h: number): number[] => span(h === Math.floor(from / 60) ? from % 60 : 0, h === Math.floor(to / 60) ? to % 60 : 59);
  const pick = (at: number[]): [number, number] => {
    const h = hours[Math.min(at[0] ?? 0, hours.length - 1)]!;
    const m = minutes(h);
    return [h, m[Math.min(at[1] ?? 0, m.length - 1)]!];
  };
  return {
    columns: (at) => [hours.map(two), minutes(pick(at)[0]).map(two)],
    value: (at) => pick(at).map(two).join(":"),
    indexes(v) {
      const now = new Date();
      const t = Math.min(to, Math.max(from, parse(String(v ?? ""), now.getHours() * 60 + now.getMinutes())));
      const h = Math.floor(t / 60);
      return [hours.indexOf(h), minutes(h).indexOf(t % 60)];
    },
  };
}

const span = (from: number, to: number): number[] => Array.from({ length: Math.max(1, to - from + 1) }, (_, i) => from + i);

/** "yyyy-mm-dd", "yyyy-mm" or "yyyy", by fields. */
export function dates(start: string, end: string, fields: string): Wheels {
  type Day = [number, number, number];
  const parse = (text: string, otherwise: Day): Day => {
    const m = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(text.replace(/\//g, "-"));
    return m ? [+m[1]!, Math.min(12, Math.max(1, +(m[2] ?? otherwise[1]))), Math.min(31, Math.max(1, +(m[3] ?? otherwise[2])))] : otherwise;
  };
  const order = (d: Day): number => d[0] * 10000 + d[1] * 100 + d[2];
  const from = parse(start, [1900, 1, 1]);
  let to = parse(end, [2100, 12, 31]);
  if (order(to) < order(from)) to = from;
  const depth = fields === "year" ? 1 : fields === "month" ? 2 : 3;
  const years = span(from[0], to[0]);
  const months = (y: number): number[] => span(y === from[0] ? from[1] : 1, y === to[0] ? to[1] : 12);
  const days = (y: number, m: number): number[] =>
    span(y === from[0] && m === from[1] ? from[2] : 1, Math.min(new Date(y, m, 0).getDate(), y === to[0] && m === to[1] ? to[2] : 31));
  const nth = (list: number[], i: number | undefined): number => list[Math.min(Math.max(0, i ?? 0), list.length - 1)]!;
  const pick = (at: number[]): Day => {
    const y = nth(years, at[0]), m = nth(months(y), at[1]);
    return [y, m, nth(days(y, m), at[2])];
  };
  return {
    columns(at) {
      const [y, m] = pick(at);
      const [yy, mm, dd] = chinese() ? ["年", "月", "日"] : ["", "", ""];
      return [years.map((n) => n + yy), months(y).map((n) => two(n) + mm), days(y, m).map((n) => two(n) + dd)].slice(0, depth);
    },
    value: (at) => pick(at).slice(0, depth).map((n, i) => (i ? two(n) : String(n))).join("-"),
    indexes(v) {
      const now = new Date();
      let d = parse(String(v ?? ""), [now.getFullYear(), now.getMonth() + 1, now.getDate()]);
      if (order(d) < order(from)) d = from;
      if (order(d) > order(to)) d = to;
      const m = months(d[0]), all = days(d[0], d[1]);
      return [years.indexOf(d[0]), m.indexOf(d[1]), Math.max(0, all.indexOf(d[2]) < 0 ? all.length - 1 : all.indexOf(d[2]))].slice(0, depth);
    },
  };
}

const ITEM = 40;

export class Picker extends Builtin implements Behaviour, Field {
  private sheet: HTMLElement | null = null;
  private back: Element | null = null;
  /** what the person chose; the program's own value counts again once it writes one */
  private chosen: unknown;

  override mount(): void {
    this.tabIndex = 0;
    this.setAttribute("role", "button");
    this.setAttribute("aria-haspopup", "dialog");
  }
  override changed(name: string, value: unknown): void {
    if (name === "value") this.chosen = undefined;
    if (name === "disabled") this.tabIndex = value ? -1 : 0;
    if (this.sheet && (name === "range" || name === "value")) view.after(() => this.refill?.());
    if (name === "mode" && value === "region") console.warn("picker: mode region is not supported yet; use multiSelector with a range of your own");
  }
  override leave(): void {
    this.shut();
  }
  private wheels(): Wheels | null {
    const mode = this.str("mode", "selector") || "selector";
    if (mode === "selector") return selector(this.attr("range"), this.str("range-key"));
    if (mode === "multiSelector") return multiSelector(this.attr("range"), this.str("range-key"));
    if (mode === "time") return clockTimes(this.str("start"), this.str("end"));
    if (mode === "date") return dates(this.str("start"), this.str("end"), this.str("fields", "day"));
    return null;
  }
  private now(): unknown {
    return this.chosen !== undefined ? this.chosen : this.attr("value");
  }
  fieldValue(): unknown {
    const now = this.now();
    return now === undefined && this.str("mode", "selector") === "selector" ? 0 : now ?? "";
  }
  fieldReset(): void {
    this.chosen = undefined;
  }
  property(name: string): unknown {
    return name === "value" ? this.fieldValue() : undefined;
  }
  tapped(): boolean {
    if (!this.attr("disabled") && !this.sheet) this.open();
    return true;
  }
  activate(): void {
    this.tapped();
  }

  private refill: (() => void) | null = null;

  private open(): void {
    const kind = this.wheels();
    if (!kind) return;
    this.back = document.activeElement;
    const multi = this.str("mode") === "multiSelector";
    let at = kind.indexes(this.now());
    const sheet = (this.sheet = document.createElement("mm-picker-sheet"));
    sheet.setAttribute("role", "dialog");
    sheet.setAttribute("aria-modal", "true");
    sheet.tabIndex = -1;
    const words = chinese() ? ["取消", "确定"] : ["Cancel", "Done"];
    sheet.innerHTML = `<div class="mm-veil"></div><div class="mm-panel"><div class="mm-bar"><button type="button"></button><b></b><button type="button"></button></div><div class="mm-wheels"><div class="mm-band"></div></div></div>`;
    const [cancel, done] = Array.from(sheet.querySelectorAll("button"));
    cancel!.textContent = words[0]!;
    done!.textContent = words[1]!;
    sheet.querySelector("b")!.textContent = this.str("header-text");
    const room = sheet.querySelector(".mm-wheels")!;
    const wheels: Wheel[] = [];
    const fill = (): void => {
      const columns = (this.wheels() || kind).columns(at);
      columns.forEach((texts, i) => {
        if (!wheels[i]) {
          const column = part("div", "mm-wheel");
          room.append(column);
          wheels[i] = wheel(column, () => ITEM, () => column.childElementCount, (index) => {
            at[i] = index;
            if (multi) {
              view.events.fire(this, "columnchange", { column: i, value: index });
            } else fill();
          });
        }
        const { el } = wheels[i]!;
        const same = el.childElementCount === texts.length && texts.every((t, k) => el.children[k]!.textContent === t);
        if (!same) el.replaceChildren(...texts.map((t) => Object.assign(document.createElement("div"), { textContent: t })));
        at[i] = Math.min(Math.max(0, at[i] ?? 0), Math.max(0, texts.length - 1));
        wheels[i]!.go(at[i]!);
      });
      for (const extra of wheels.splice(columns.length)) extra.el.remove();
    };
    this.refill = () => {
      const next = this.wheels();
      if (!next) return;
      // A program that answers columnchange writes range and value; what it says stands.
      if (multi && Array.isArray(this.attr("value"))) at = next.indexes(this.attr("value"));
      fill();
    };
    const close = (type: "change" | "cancel"): void => {
      if (this.sheet !== sheet) return;
      if (type === "change") {
        at = at.map((_, i) => wheels[i]?.facing() ?? 0);
        const value = (this.wheels() || kind).value(at);
        this.chosen = value;
        view.events.model(this, "value", value);
        this.fire("change", { value });
      } else this.fire("cancel", {});
      this.shut();
    };
    cancel!.onclick = () => close("cancel");
    done!.onclick = () => close("change");
    (sheet.firstElementChild as HTMLElement).onclick = () => close("cancel");
    sheet.onkeydown = (e) => {
      if (e.key === "Escape") close("cancel");
      else if (e.key === "Enter" && !(e.target instanceof HTMLButtonElement)) close("change");
    };
    view.root.append(sheet);
    fill();
    sheet.focus({ preventScroll: true });
    if (!calm()) sheet.querySelector(".mm-panel")!.animate([{ transform: "translateY(100%)" }, { transform: "none" }], { duration: 200, easing: "ease-out" });
  }
  private shut(): void {
    const { sheet } = this;
    if (!sheet) return;
    this.sheet = this.refill = null;
    const gone = (): void => sheet.remove();
    if (calm() || !sheet.isConnected) gone();
    else {
      sheet.style.pointerEvents = "none";
      const a = sheet.querySelector(".mm-panel")!.animate([{ transform: "none" }, { transform: "translateY(100%)" }], { duration: 160, easing: "ease-in", fill: "forwards" });
      a.onfinish = a.oncancel = gone;
    }
    (this.back as HTMLElement | null)?.focus?.({ preventScroll: true });
  }
}
