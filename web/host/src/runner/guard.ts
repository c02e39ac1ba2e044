// What keeps a program from taking the host down: how many messages it may send, and whether it still answers.

/** Verdict over one more message: fine; refuse it, the program is too busy; or stop the program, this is a flood. */
export type Verdict = "ok" | "slow" | "stop";

/** Counts messages per second. now gives milliseconds. */
export class Rate {
  private start = -Infinity;
  private count = 0;

  constructor(private readonly limits: { soft: number; hard: number }, private readonly now: () => number) {}

  hit(): Verdict {
    const at = this.now();
    if (at - this.start >= 1000) {
      this.start = at;
      this.count = 0;
    }
    this.count++;
    return this.count > this.limits.hard ? "stop" : this.count > this.limits.soft ? "slow" : "ok";
  }
}

export interface WatchdogOptions {
  /** Sends ping n to the program. */
  ping: (n: number) => void;
  /** The program has been silent for `silence` ms; called once per silence. */
  silent: () => void;
  /** It answers again after it had been called silent. */
  back: () => void;
  now: () => number;
  /** ms of silence before the program counts as not responding */
  silence: number;
}

/**
 * Watches whether a program answers. The owner calls tick about once a second while the page is visible; hidden pages have slow
 * timers, and a program is not to blame for those, so `rest` forgets what was asked before.
 */
export class Watchdog {
  private n = 0;
  private asked: number | null = null;
  private told = false;

  constructor(private readonly o: WatchdogOptions) {}

  tick(): void {
    if (this.asked === null) {
      this.asked = this.o.now();
      this.o.ping(++this.n);
    } else if (!this.told && this.o.now() - this.asked >= this.o.silence) {
      this.told = true;
      this.o.silent();
    }
  }

  pong(n: number): void {
    if (n !== this.n) return; // an answer to an earlier question proves nothing about now
    this.asked = null;
    if (this.told) {
      this.told = false;
      this.o.back();
    }
  }

  rest(): void {
    this.asked = null;
  }
}
