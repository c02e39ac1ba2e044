// The browser's history in step with what is open. A program has one entry; while it has something to go back to (a page, a dialog)
// a guard lies on top of that entry, so that the browser's own back button takes the guard, and the step belongs to the program.
//
//	[home] → [program] → [guard]

export interface Entry { mm: "home" | "program" | "guard"; fromHome: boolean }

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
  /** The consumer pressed the browser's back button in a program; false when the program has nothing to go back to. */
  stepBack: () => boolean;
}

export class Steps {
  private wanted = false;
  /** What waits for a way back of our own to be announced; null when none is under way. */
  private waiting: (() => void)[] | null = null;

  constructor(private readonly history: HistoryLike, private readonly o: StepsOptions) {}

  /** Names the entry the page was loaded on. A guard that was reloaded stands for pages that are gone. */
  start(at: "home" | "program"): void {
    this.history.replaceState({ mm: at, fromHome: this.entry?.fromHome ?? false }, "");
  }

  /** The program has something to go back to, or no longer. */
  guard(needed: boolean): void {
    this.wanted = needed;
    this.settle();
  }

  /** Opens an address: on top of home, or in place of the program that is open. */
  open(address: string, from: "home" | "program"): void {
    if (from === "home") {
      this.history.pushState({ mm: "program", fromHome: true }, "", address);
      this.arrived();
    } else this.onProgram(() => this.history.replaceState({ mm: "program", fromHome: this.entry?.fromHome ?? false }, "", address));
  }

  /** Leaves the program for home: the one below, where it was opened from, else in its place. */
  close(): void {
    if (this.waiting) return void this.waiting.push(() => this.close());
    if (this.entry?.fromHome) {
      this.waiting = [() => this.arrived()];
      this.history.go(this.entry.mm === "guard" ? -2 : -1);
    } else this.onProgram(() => this.history.replaceState({ mm: "home", fromHome: false }, "", "/app/"));
  }

  /** A popstate event came. */
  popped(): void {
    if (this.waiting) {
      const acts = this.waiting;
      this.waiting = null;
      for (const act of acts) act();
      return this.settle();
    }
    if (this.entry?.mm === "program" && this.wanted && this.o.stepBack()) return this.settle(); // the guard stands again if there is more to go back to
    this.arrived();
  }

  private get entry(): Entry | null {
    const e = this.history.state as Partial<Entry> | null;
    return e && (e.mm === "home" || e.mm === "program" || e.mm === "guard") ? { mm: e.mm, fromHome: e.fromHome === true } : null;
  }

  private arrived(): void {
    this.wanted = false;
    this.o.arrive();
  }

  /** Acts on the program's own entry, taking the guard off first, and shows where that leads. */
  private onProgram(act: () => void): void {
    const done = () => {
      act();
      this.arrived();
    };
    if (this.waiting) return void this.waiting.push(() => this.onProgram(act));
    if (this.entry?.mm !== "guard") return done();
    this.waiting = [done];
    this.history.go(-1);
  }

  private settle(): void {
    if (this.waiting) return; // looked at again when it is announced
    const entry = this.entry;
    if (this.wanted && entry?.mm === "program") this.history.pushState({ mm: "guard", fromHome: entry.fromHome }, "");
    else if (!this.wanted && entry?.mm === "guard") {
      this.waiting = [];
      this.history.go(-1);
    }
  }
}
