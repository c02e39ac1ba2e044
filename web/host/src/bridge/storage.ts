// Writing storage through. Programs read their own copy, which they got at boot; the host never hands out single keys.
import { CallFailed } from "./arguments";
import type { Call } from "./bridge";

/** bytes one value may have, as mini-program developers know it */
const oneValue = 1 << 20;

export const storage: Record<string, Call> = {
  /** {key, data}: data is text already */
  async setStorage(a, { storage, launch }) {
    const key = a.text("key", { max: 1000 });
    const data = a.text("data", { max: oneValue });
    await storage.set(key, data).catch((e: unknown) => {
      throw new CallFailed(`"${key}": ${e instanceof Error ? e.message : String(e)} (${Math.round(launch.limits.storage / 1024)} KB)`);
    });
  },
  async removeStorage(a, { storage }) {
    await storage.remove(a.text("key", { max: 1000 }));
  },
  async clearStorage(_, { storage }) {
    await storage.clear();
  },
};
