// When a program may ask its consumer something on the host's own sheets: one sheet at a time, and after two refusals only when the
// consumer themselves tapped in the program. The host sees such taps by the browser's own account of them, which no script can forge.
import { CallFailed } from "./arguments";

/** refusals after which a program has to wait for a tap */
const patience = 2;

export class Asking {
  private refusals = 0;
  private busy = false;

  /** tapped says whether the consumer has just tapped or typed inside the program, and not on the host's own parts. */
  constructor(private readonly tapped: () => boolean) {}

  /** Shows a sheet and waits for its answer; null is a refusal. Throws CallFailed when the program may not ask now. */
  async ask<T>(show: () => Promise<T | null>): Promise<T | null> {
    if (this.busy) throw new CallFailed("the consumer is being asked something else: wait for the answer");
    if (this.refusals >= patience && !this.tapped()) throw new CallFailed(`the consumer refused ${patience} times: ask again when they tap for it`);
    this.busy = true;
    try {
      const answer = await show().catch((e: unknown) => {
        throw new CallFailed(e instanceof Error ? e.message : String(e));
      });
      if (answer === null) this.refusals++;
      else this.refusals = 0;
      return answer;
    } finally {
      this.busy = false;
    }
  }
}

/** ms a browser counts a tap as fresh, and some for its clock */
const fresh = 5_200;
let ownGesture = -Infinity;

if (typeof window !== "undefined") {
  const own = () => (ownGesture = performance.now());
  for (const type of ["pointerdown", "pointerup", "keydown"]) window.addEventListener(type, own, { capture: true });
}

/** A tap anywhere in the page or its frames lately. Browsers that do not tell are believed. */
export const tappedAnywhere = (): boolean => globalThis.navigator?.userActivation?.isActive ?? true;

/** A tap in the frame of the program: there was one, and none of the host's own is recent enough to be it. Browsers that do not tell: none. */
export const tappedInProgram = (): boolean => navigator.userActivation?.isActive === true && performance.now() - ownGesture > fresh;
