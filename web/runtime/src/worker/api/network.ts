// request, uploadFile, downloadFile and sockets: prepared here, carried by the host, which checks the domain.
import { type HostLink, type HostTask, type Settle } from "../host";
import type { Fn, Log } from "../log";

type Headers = Record<string, string>;

function headers(h: any): Headers {
  const out: Headers = {};
  for (const k of Object.keys(h || {})) if (h[k] !== undefined && h[k] !== null) out[k.toLowerCase()] = String(h[k]);
  return out;
}

const pairs = (data: any): string =>
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
  /** Starts the call; the answer of settle is undefined with callbacks, then the task alone is returned. */
  function running(name: string, o: any, arg: () => unknown, events: Record<string, Fn[]>, map: (v: any) => any): any {
    let task: HostTask | undefined, aborted = false;
    const work = new Promise<any>((done, fail) => {
      try {
        if (typeof o?.url !== "string" || !o.url) throw new Error(`url must be a string that is not empty, got ${typeof o?.url}`);
        task = host.task(name, arg(), (event, data) => (events[event] || []).slice().forEach((fn) => log.guard(fn, undefined, [data], `${name} ${event}`)));
        task.answer.then((v) => done(map(v)), fail).catch(fail);
      } catch (e) {
        fail(e);
      }
    });
    const answer = settle(name, o, work.catch((e) => {
      throw aborted ? new Error("abort") : e;
    }));
    const t: any = answer || {};
    t.abort = () => {
      aborted = true;
      task?.send("abort");
    };
    return t;
  }
  const listen = (t: any, on: string, off: string, list: Fn[]) => {
    t[on] = (fn: Fn) => void (typeof fn === "function" && list.push(fn));
    t[off] = (fn?: Fn) => void (fn ? list.includes(fn) && list.splice(list.indexOf(fn), 1) : (list.length = 0));
  };
  const wait = (o: any) => (o.timeout > 0 ? { timeout: +o.timeout } : {});
  const common = (o: any) => ({ header: headers(o.header), ...wait(o) });

  return {
    request(o: any) {
      if (typeof o === "string") o = { url: o };
      const heads: Fn[] = [];
      const binary = o?.responseType === "arraybuffer";
      const t = running("request", o, () => ({ ...body(o), ...wait(o), binary }), { headers: heads }, (v) => {
        const res = { data: v.data, statusCode: v.statusCode, header: v.header || {}, cookies: v.cookies || [] };
        if (!binary && typeof res.data === "string" && (o.dataType === undefined || o.dataType === "json")) {
          try {
            res.data = JSON.parse(res.data);
          } catch {
            // not JSON: the text itself, as documented
          }
        }
        return res;
      });
      listen(t, "onHeadersReceived", "offHeadersReceived", heads);
      return t;
    },
    uploadFile(o: any) {
      const progress: Fn[] = [];
      const form: Record<string, string> = {};
      for (const k of Object.keys(o?.formData || {})) form[k] = String(o.formData[k]);
      const t = running("uploadFile", o, () => ({ url: o.url, filePath: String(o.filePath), name: String(o.name), formData: form, ...common(o) }), { progress }, (v) => v);
      listen(t, "onProgressUpdate", "offProgressUpdate", progress);
      return t;
    },
    downloadFile(o: any) {
      const progress: Fn[] = [], heads: Fn[] = [];
      const t = running("downloadFile", o, () => ({ url: o.url, ...(o.filePath ? { filePath: String(o.filePath) } : {}), ...common(o) }), { progress, headers: heads }, (v) => v);
      listen(t, "onProgressUpdate", "offProgressUpdate", progress);
      listen(t, "onHeadersReceived", "offHeadersReceived", heads);
      return t;
    },
    connectSocket(o: any) {
      const on: Record<string, Fn[]> = { open: [], message: [], error: [], close: [] };
      const t: any = { readyState: 0, CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };
      let task: HostTask | undefined;
      const tell = (event: string, data: any) => {
        if (event === "open") t.readyState = 1;
        if (event === "close") t.readyState = 3;
        if (t.readyState === 3 && event !== "close" && event !== "error") return;
        on[event]?.slice().forEach((fn) => log.guard(fn, undefined, [data], `socket ${event}`));
      };
      const work = new Promise<any>((done, fail) => {
        if (typeof o?.url !== "string" || !/^wss?:/.test(o.url)) throw new Error(`url must begin with wss://, got ${String(o?.url)}`);
        task = host.task("connectSocket", { url: o.url, header: headers(o.header), protocols: (o.protocols || []).map(String), ...wait(o) }, tell, true);
        task.answer.then(() => done({ socketTaskId: 0 }), (e) => {
          t.readyState = 3;
          tell("error", { errMsg: e.message });
          fail(e);
        });
      });
      const p = settle("connectSocket", o, work);
      // The task is what programs want here, so nobody may be left to catch a failure, which onError told.
      p?.catch(() => {});
      const action = (name: string, ready: () => boolean, arg: (a: any) => unknown) => (a: any = {}) =>
        settle(name, a, () => {
          if (!ready()) throw new Error(`the connection is ${["not open yet", "open", "closing", "closed"][t.readyState]}`);
          task!.send(name, arg(a));
        });
      t.send = action("send", () => t.readyState === 1, (a) => ({ data: a.data }));
      const close = action("close", () => t.readyState < 2, (a) => ({ code: a.code ?? 1000, reason: a.reason ?? "" }));
      t.close = (a?: any) => {
        const r = close(a);
        if (t.readyState < 2) t.readyState = 2;
        return r;
      };
      for (const e of Object.keys(on)) t["on" + e[0]!.toUpperCase() + e.slice(1)] = (fn: Fn) => void (typeof fn === "function" && on[e]!.push(fn));
      return t;
    },
  };
}
