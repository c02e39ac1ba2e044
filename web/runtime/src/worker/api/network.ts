// request, uploadFile, downloadFile and sockets: prepared here, carried by the host, which checks the domain.
import { type HostLink, type HostTask, type Settle } from "../host";
import type { Fn, Log } from "../log";

type Headers = Record<string, string>;

const texts = (h: any, name = (k: string) => k): Headers => {
  const out: Headers = {};
  for (const k in h) if (h[k] !== undefined && h[k] !== null) out[name(k)] = String(h[k]);
  return out;
};
const headers = (h: any): Headers => texts(h, (k) => k.toLowerCase());

/** Values by name as a query; objects as JSON. */
export const pairs = (data: any): string =>
  Object.keys(data)
    .filter((k) => data[k] !== undefined)
    .map((k) => encodeURIComponent(k) + "=" + encodeURIComponent(data[k] !== null && typeof data[k] === "object" ? JSON.stringify(data[k]) : data[k]))
    .join("&");

/** The body as it goes on the wire, by method and content type; data of a GET goes into the url. */
export function body(o: any): { url: string; method: string; header: Headers; data?: string | ArrayBuffer } {
  const method = String(o.method || "GET").toUpperCase(), header = headers(o.header);
  let url = String(o.url), data = o.data;
  if (data === undefined || data === null || data === "") return { url, method, header };
  if (method === "GET" || method === "HEAD") {
    if (typeof data === "object") {
      const at = url.indexOf("#"), q = pairs(data);
      if (at >= 0) url = url.slice(0, at);
      if (q) url += (url.includes("?") ? (/[?&]$/.test(url) ? "" : "&") : "?") + q;
    }
    return { url, method, header };
  }
  if (ArrayBuffer.isView(data)) data = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  if (data instanceof ArrayBuffer || typeof data === "string") {
    if (!header["content-type"]) header["content-type"] = "application/json";
    return { url, method, header, data };
  }
  const type = (header["content-type"] ||= "application/json");
  return { url, method, header, data: typeof data === "object" && type.includes("urlencoded") ? pairs(data) : JSON.stringify(data) };
}

export function networkApis(host: HostLink, settle: Settle, log: Log): Record<string, unknown> {
  /** An API that runs a host task: events by name are told to what `on…` added. map makes the result of the host's answer. */
  const running = (name: string, events: Record<string, string>, arg: (o: any) => object, map: (v: any, o: any) => any = (v) => v) => (o: any) => {
    if (typeof o === "string") o = { url: o };
    const heard: Record<string, Fn[]> = {};
    let task: HostTask | undefined;
    const t: any =
      settle(name, o, async () => {
        if (typeof o?.url !== "string" || !o.url) throw new Error(`url must be a string, got ${JSON.stringify(o?.url)}`);
        task = host.task(name, { ...arg(o), ...wait(o) }, (event, data) => heard[event]?.slice().forEach((fn) => log.guard(fn, undefined, [data], `${name} ${event}`)));
        return map(await task.answer, o);
      }) || {};
    t.abort = () => task?.send("abort");
    for (const event in events) {
      const list: Fn[] = (heard[event] = []);
      t["on" + events[event]] = (fn: Fn) => void list.push(fn);
      t["off" + events[event]] = (fn?: Fn) => void (fn ? list.includes(fn) && list.splice(list.indexOf(fn), 1) : (list.length = 0));
    }
    return t;
  };
  const wait = (o: any) => (o.timeout > 0 ? { timeout: +o.timeout } : {});
  const head = { headers: "HeadersReceived" }, progress = { progress: "ProgressUpdate" };
  const binary = (o: any) => o.responseType === "arraybuffer";

  return {
    request: running("request", head, (o) => ({ ...body(o), binary: binary(o) }), ({ data, statusCode, header = {}, cookies = [] }, o) => {
      if (!binary(o) && typeof data === "string" && (o.dataType === undefined || o.dataType === "json")) {
        try {
          data = JSON.parse(data);
        } catch {
          // not JSON: the text itself, as documented
        }
      }
      return { data, statusCode, header, cookies };
    }),
    uploadFile: running("uploadFile", progress, (o) => ({ url: o.url, filePath: o.filePath, name: o.name, formData: texts(o.formData), header: headers(o.header) })),
    downloadFile: running("downloadFile", { ...head, ...progress }, (o) => ({ url: o.url, filePath: o.filePath, header: headers(o.header) })),
    connectSocket(o: any) {
      const on: Record<string, Fn[]> = { Open: [], Message: [], Error: [], Close: [] };
      const t: any = { readyState: 0 };
      let task: HostTask;
      const tell = (event: string, data: any) => {
        const name = event[0]!.toUpperCase() + event.slice(1);
        if (event === "open") t.readyState = 1;
        // Messages still under way when a connection has closed are nobody's.
        if (t.readyState < 3 || event === "error") on[name]?.slice().forEach((fn) => log.guard(fn, undefined, [data], `socket ${event}`));
        if (event === "close") t.readyState = 3;
      };
      const p = settle("connectSocket", o, async () => {
        if (!/^wss?:/.test(o?.url)) throw new Error(`url must begin with wss://, got ${String(o?.url)}`);
        task = host.task("connectSocket", { url: o.url, header: headers(o.header), protocols: o.protocols || [], ...wait(o) }, tell, true);
        await task.answer.catch((e) => {
          t.readyState = 3;
          tell("error", { errMsg: e.message });
          throw e;
        });
      });
      // The task is what programs want here, so nobody may be left to catch a failure, which onError told.
      p?.catch(() => {});
      const action = (name: string, most: number, arg: (a: any) => unknown) => (t[name] = (a: any = {}) =>
        settle(name, a, () => {
          if (t.readyState > most || t.readyState < +(name === "send")) throw new Error(`the connection is ${["not open yet", "open", "closing", "closed"][t.readyState]}`);
          if (name === "close") t.readyState = 2;
          task.send(name, arg(a));
        }));
      action("send", 1, (a) => ({ data: a.data }));
      action("close", 1, (a) => ({ code: a.code ?? 1000, reason: a.reason ?? "" }));
      for (const e in on) t["on" + e] = (fn: Fn) => void on[e]!.push(fn);
      return t;
    },
  };
}
