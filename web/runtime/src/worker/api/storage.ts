// Storage: kept here whole, so that the sync forms are sync, and written through to the host.
import type { Env } from "../../shared/protocol";
import { createDefine, type HostLink, type Settle } from "../host";
import { bytes, reason, type Log } from "../log";

/** Values as the host keeps them: D and milliseconds for a date, else J and JSON. */
function encode(v: unknown): string {
  if (v instanceof Date) return "D" + v.getTime();
  return "J" + (JSON.stringify(v) ?? ""); // undefined and functions are stored as nothing
}
function decode(s: string | undefined): unknown {
  if (s === undefined || s === "J") return "";
  return s[0] === "D" ? new Date(+s.slice(1)) : JSON.parse(s.slice(1));
}

/** What an entry counts, as the host counts it. */
const weight = (k: string, v: string): number => bytes(k + v);

export function storageApis(env: Env, host: HostLink, settle: Settle, log: Log): Record<string, unknown> {
  const data = new Map(Object.entries(env.storage || {}));
  let size = 0;
  for (const [k, v] of data) size += weight(k, v);

  const keyOf = (key: unknown, api: string): string => {
    if (typeof key !== "string" || !key) throw new Error(`${api}:fail the key must be a string, not empty, got ${JSON.stringify(key)}`);
    return key;
  };
  const save = (api: string, arg: unknown) => host.call(api, arg).catch((e) => log.warn(`storage was not saved by the host: ${e.message}`));

  function set(key: unknown, value: unknown, api: string): void {
    const k = keyOf(key, api);
    let text: string;
    try {
      text = encode(value);
    } catch (e) {
      throw new Error(`${api}:fail the value of "${k}" cannot be stored: ${reason(e)}`);
    }
    const old = data.get(k), next = size - (old === undefined ? 0 : weight(k, old)) + weight(k, text);
    if (next > env.limits.storage) throw new Error(`${api}:fail exceed storage max size ${Math.round(env.limits.storage / 1048576)}MB: "${k}" does not fit`);
    size = next;
    data.set(k, text);
    save("storageSet", { key: k, data: text });
  }
  function remove(key: unknown, api: string): void {
    const k = keyOf(key, api), old = data.get(k);
    if (old === undefined) return;
    size -= weight(k, old);
    data.delete(k);
    save("storageRemove", { key: k });
  }
  function clear(): void {
    data.clear();
    size = 0;
    save("storageClear", null);
  }
  const info = () => ({ keys: [...data.keys()], currentSize: Math.ceil(size / 1024), limitSize: Math.floor(env.limits.storage / 1024) });

  const apis: Record<string, unknown> = {
    setStorageSync: (key: unknown, value: unknown) => set(key, value, "setStorageSync"),
    getStorageSync: (key: unknown) => decode(data.get(keyOf(key, "getStorageSync"))),
    removeStorageSync: (key: unknown) => remove(key, "removeStorageSync"),
    clearStorageSync: clear,
    getStorageInfoSync: info,
    batchSetStorageSync: (list: { key: string; value: unknown }[]) => list.forEach((e) => set(e.key, e.value, "batchSetStorageSync")),
    batchGetStorageSync: (list: string[]) => list.map((k) => decode(data.get(k))),
  };
  const define = createDefine(apis, settle);
  define("setStorage", (o) => set(o.key, o.data, "setStorage"));
  define("getStorage", (o) => {
    const k = keyOf(o.key, "getStorage");
    if (!data.has(k)) throw new Error("data not found");
    return { data: decode(data.get(k)) };
  });
  define("removeStorage", (o) => remove(o.key, "removeStorage"));
  define("clearStorage", clear);
  define("getStorageInfo", info);
  define("batchSetStorage", (o) => o.kvList.forEach((e: any) => set(e.key, e.value, "batchSetStorage")));
  define("batchGetStorage", (o) => ({ dataList: o.keyList.map((k: string) => decode(data.get(k))) }));
  return apis;
}
