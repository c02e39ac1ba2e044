// Code on demand: the worker asks before it shows a page whose package or view it lacks.
import { CallFailed } from "./arguments";
import type { Call } from "./bridge";

export const loading: Record<string, Call> = {
  /** {page} → {} once the page's code is on its way to both sides. */
  async load(a, context) {
    const page = a.text("page", { max: 500 }).replace(/^\/+/, "");
    try {
      await context.load(page);
    } catch (e) {
      throw new CallFailed(e instanceof Error ? e.message : String(e));
    }
  },
};
