// The browser's history in step with what is open. A program has one entry; while it has something to go back to (a page, a dialog)
// a guard lies on top of that entry, so that the browser's own back button takes the guard, and the step belongs to the program. The
// consumer's own pages lie on each other; over them and over home a guard stands for a dialog.
//
//	[home] → [program] → [guard]
//	[home] → [me] → [me] → [guard]

export type Place = "home" | "program" | "me";
/** fromHome: what lies below is ours, and going back leads there. */
export interface Entry { mm: Place | "guard"; fromHome: boolean }

/** The part of window.history that is needed; going back is not done at once, but announced by a popstate event later. */
export interface HistoryLike {
  readonly state: unknown;
  pushState(state: Entry, unused: "", url?: string): void;
  replaceState(state: Entry, unused: "", url?: string): void;
  go(by: number): void;
}

export interface StepsOptions {
  /** The address is another one: show what it says. */
  arrive: () => void;
  /** The consumer pressed the browser's back button; false when there is nothing to go back to in what is shown. */
  stepBack: () => boolean;
}

export class Steps {
  private wanted = false;
  /** What waits for a way back of our own to be announced; null when none is under way. */
  private waiting: (() => void)[] | null = null;

  constructor(private readonly history: HistoryLike, private readonly o: StepsOptions) {}

  /** Names the entry the page was loaded on. A guard that was reloaded stands for pages that are gone. */
  start(at: Place): void {
    this.history.replaceState({ mm: at, fromHome: this.entry?.fromHome ?? false }, "");
  }

  /** What is shown has something to go back to, or no longer. */
  guard(needed: boolean): void {
    this.wanted = needed;
    this.settle();
  }

  /** Opens an address: on top of home and of the consumer's own pages, or in place of the program that is open. */
  open(address: string, from: Place, to: Place = "program"): void {
    this.onEntry(() => {
      if (from === "program") this.history.replaceState({ mm: to, fromHome: this.entry?.fromHome ?? false }, "", address);
      else this.history.pushState({ mm: to, fromHome: true }, "", address);
    });
  }

  /** Leaves what is shown for what lies below, where it was opened from; else for home, or for a page of the consumer's own, in its place. */
  close(address = "/app/", at: Place = "home"): void {
    if (this.waiting) return void this.waiting.push(() => this.close(address, at));
    if (this.entry?.fromHome) {
      this.waiting = [() => this.arrived()];
      this.history.go(this.entry.mm === "guard" ? -2 : -1);
    } else this.onEntry(() => this.history.replaceState({ mm: at, fromHome: false }, "", address));
  }

  /** A popstate event came. */
  popped(): void {
    if (this.waiting) {
      const acts = this.waiting;
      this.waiting = null;
      for (const act of acts) act();
      return this.settle();
    }
    if (this.entry && this.entry.mm !== "guard" && this.wanted && this.o.stepBack()) return this.settle(); // the guard stands again if there is more to go back to
    this.arrived();
  }

  private get entry(): Entry | null {
    const e = this.history.state as Partial<Entry> | null;
    return e && (e.mm === "home" || e.mm === "program" || e.mm === "me" || e.mm === "guard") ? { mm: e.mm, fromHome: e.fromHome === true } : null;
  }

  private arrived(): void {
    this.wanted = false;
    this.o.arrive();
  }

  /** Acts on the entry of what is shown, taking the guard off first, and shows where that leads. */
  private onEntry(act: () => void): void {
    const done = () => {
      act();
      this.arrived();
    };
    if (this.waiting) return void this.waiting.push(() => this.onEntry(act));
    if (this.entry?.mm !== "guard") return done();
    this.waiting = [done];
    this.history.go(-1);
  }

  private settle(): void {
    if (this.waiting) return; // looked at again when it is announced
    const entry = this.entry;
    if (this.wanted && entry && entry.mm !== "guard") this.history.pushState({ mm: "guard", fromHome: entry.fromHome }, "");
    else if (!this.wanted && entry?.mm === "guard") {
      this.waiting = [];
      this.history.go(-1);
    }
  }
}
