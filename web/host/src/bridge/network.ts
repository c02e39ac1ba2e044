// Requests, uploads, downloads: through the server's relay, which knows the program's domains and keeps the consumer's cookies out
// of it. Tasks: {task:"abort"}; events "headers" {header, statusCode, cookies} and, downloading, "progress".
import { problemOf } from "../fetching";
import { hostHeaders } from "../platform";
import { Args, CallFailed } from "./arguments";
import type { Call, Context, Task } from "./bridge";
import { dataURL, fromDataURL } from "./files";
import { requestable } from "./domains";

const MB = 1 << 20;
const methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT"] as const;

/** Numbers programs find in errno, as the relay gives them. */
const ERRNO = { timeout: 5, network: 600001, domain: 600002 } as const;

interface Answer { statusCode: number; header: Record<string, string>; cookies: string[]; response: Response }

export const network: Record<string, Call> = {
  /**
   * data is text or bytes already, with its content type in header; binary asks for bytes.
   * Answers {statusCode, header, cookies, data: text or bytes}.
   */
  async request(a, context, task) {
    const bytes = a.flag("binary", false);
    const method = a.text("method", { max: 10, or: "GET" }).toUpperCase();
    if (!methods.includes(method as (typeof methods)[number]) || method === "TRACE" || method === "CONNECT") throw new CallFailed(`method ${method} is not supported`);
    const body = a.body("data");
    const got = await relay(a, context, task, method, method === "GET" || method === "HEAD" ? undefined : body);
    const { response, ...head } = got;
    return { ...head, data: bytes ? await response.arrayBuffer() : await response.text() };
  },

  /** filePath is a data: URL, as chooseImage gave it. */
  async uploadFile(a, context, task) {
    const path = a.text("filePath", { max: 16 * MB });
    const file = fromDataURL(path);
    if (!file) throw new CallFailed("filePath is not a file this host has given out: pass what chooseImage answered");
    const form = new FormData();
    for (const [key, value] of Object.entries(a.pairs("formData", { max: 100, each: MB }))) form.append(key, value);
    form.append(a.text("name", { max: 200 }), file, a.text("fileName", { max: 200, or: "file." + (file.type.split("/")[1] ?? "bin").replace(/[^a-z0-9]/gi, "") }));
    const packed = new Response(form); // writes the multipart body and its boundary for us
    const body = await packed.arrayBuffer();
    const { response, ...head } = await relay(a, context, task, "POST", body, packed.headers.get("content-type") ?? "");
    return { ...head, data: await response.text() };
  },

  /** Answers {tempFilePath: a data: URL, …}; at most 10 MB, since it lives in the program's memory. */
  async downloadFile(a, context, task) {
    const { response, ...head } = await relay(a, context, task, "GET", undefined);
    const total = Number(head.header["Content-Length"]) || 0;
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let got = 0;
    const reader = response.body?.getReader();
    for (let last = 0; reader; ) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value as Uint8Array<ArrayBuffer>);
      got += value.byteLength;
      if (got > 10 * MB) {
        void reader.cancel();
        throw new CallFailed("the file is larger than 10 MB");
      }
      if (performance.now() - last > 100) {
        last = performance.now();
        task.emit("progress", { progress: total ? Math.min(100, Math.round((100 * got) / total)) : 0, totalBytesWritten: got, totalBytesExpectedToWrite: total });
      }
    }
    task.emit("progress", { progress: 100, totalBytesWritten: got, totalBytesExpectedToWrite: total || got });
    const type = (head.header["Content-Type"] ?? "application/octet-stream").split(";")[0]!.trim();
    return { ...head, tempFilePath: await dataURL(new Blob(chunks, { type })) };
  },
};

async function relay(a: Args, { launch, identity }: Context, task: Task, method: string, body: string | ArrayBuffer | undefined, type?: string): Promise<Answer> {
  const checked = requestable(a.text("url", { max: 8000 }), launch.domains);
  if ("reason" in checked) throw new CallFailed(checked.reason, ERRNO.domain);
  const header = a.pairs("header", { max: 100, each: 8000 });
  if (type !== undefined) {
    for (const key of Object.keys(header)) if (key.toLowerCase() === "content-type") delete header[key];
    header["Content-Type"] = type;
  }
  const timeout = a.number("timeout", { min: 0, max: 600_000, or: 60_000 }) || 60_000;
  const clock = AbortSignal.timeout(timeout);
  let answer: Response;
  try {
    answer = await fetch(`/api/host/v1/programs/${encodeURIComponent(launch.app)}/fetch${launch.ticket ? "?" + new URLSearchParams({ ticket: launch.ticket }) : ""}`, {
      method: "POST",
      headers: { ...hostHeaders(), "X-Minimart-Request": base64url(JSON.stringify({ url: checked.url, method, header })), "Content-Type": "application/octet-stream" },
      body: body ?? null,
      credentials: "same-origin",
      signal: AbortSignal.any([task.signal, clock]),
    });
  } catch (e) {
    if (clock.aborted && !task.signal.aborted) throw new CallFailed("timeout", ERRNO.timeout);
    if (task.signal.aborted) throw e;
    throw new CallFailed("the network cannot be reached", ERRNO.network);
  }
  const meta = readMeta(answer.headers.get("X-Minimart-Response"));
  if (!meta) {
    const p = await problemOf(answer); // the relay itself refused: no answer of the target came through
    identity.noticed(p);
    throw new CallFailed(p.message, p.errno);
  }
  const cookies = meta.cookies;
  task.emit("headers", { header: meta.header, statusCode: meta.status, cookies });
  return { statusCode: meta.status, header: meta.header, cookies, response: withTimeout(answer, clock, task.signal) };
}

/** A body that is still running when the time is up fails as a timeout, not as an abort nobody asked for. */
function withTimeout(answer: Response, clock: AbortSignal, stop: AbortSignal): Response {
  for (const read of ["text", "arrayBuffer"] as const) {
    const plain = answer[read].bind(answer) as () => Promise<never>;
    answer[read] = () => plain().catch((e: unknown) => {
      throw clock.aborted && !stop.aborted ? new CallFailed("timeout", ERRNO.timeout) : e;
    });
  }
  return answer;
}

/** Reads X-Minimart-Response: base64url or plain JSON {status, header}; null when it is neither. */
export function readMeta(text: string | null): { status: number; header: Record<string, string>; cookies: string[] } | null {
  if (!text) return null;
  let raw: unknown;
  try {
    const json = text.startsWith("{") ? text : new TextDecoder().decode(Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)));
    raw = JSON.parse(json);
  } catch {
    return null;
  }
  const m = raw as { status?: unknown; header?: unknown } | null;
  if (m === null || typeof m !== "object" || typeof m.status !== "number") return null;
  const header: Record<string, string> = {};
  const cookies: string[] = [];
  for (const [key, value] of Object.entries((m.header ?? {}) as Record<string, unknown>)) {
    const values = Array.isArray(value) ? value.map(String) : [String(value)];
    if (key.toLowerCase() === "set-cookie") cookies.push(...values);
    header[key] = values.join(",");
  }
  return { status: m.status, header, cookies };
}

export function base64url(text: string): string {
  let raw = "";
  for (const byte of new TextEncoder().encode(text)) raw += String.fromCharCode(byte);
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
