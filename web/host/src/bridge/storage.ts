// Writing storage through. Programs read their own copy, which they got at boot; the host never hands out single keys.
import { CallFailed } from "./arguments";
import type { Call } from "./bridge";

/** True for calls that are let through however busy a program is: nobody waits for their answers, a refused write would be lost. */
export const mustNotBeLost = (api: unknown): boolean => typeof api === "string" && Object.hasOwn(storage, api);

export const storage: Record<string, Call> = {
  /** {key, data}: data is text already */
  async storageSet(a, { storage, launch }) {
    const key = a.text("key", { max: 10_000 });
    const data = a.text("data", { max: launch.limits.storage });
    await storage.set(key, data).catch((e: unknown) => {
      throw new CallFailed(`"${key.slice(0, 100)}": ${e instanceof Error ? e.message : String(e)}; the limit is ${Math.round(launch.limits.storage / 1024)} KB`);
    });
  },
  async storageRemove(a, { storage }) {
    await storage.remove(a.text("key", { max: 10_000 }));
  },
  async storageClear(_, { storage }) {
    await storage.clear();
  },
};
