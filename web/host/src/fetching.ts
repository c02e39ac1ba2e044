// Asking our own server: JSON in, JSON or a Problem out.
import { locale } from "./words/lang";

/** What the server said instead of an answer, or that it could not be reached (status 0). */
export class Problem extends Error {
  constructor(readonly status: number, readonly code: string, message: string, /** number a program finds in errno */ readonly errno?: number) {
    super(message);
  }
}

export async function getJSON(url: string, signal?: AbortSignal): Promise<unknown> {
  const answer = await reach(url, { headers: { Accept: "application/json", "Accept-Language": locale() }, ...(signal ? { signal } : {}) });
  try {
    return await answer.json();
  } catch (e) {
    if (signal?.aborted) throw e;
    throw new Problem(answer.status, "broken", `${url} did not answer with JSON`);
  }
}

/** fetch that turns every failure but an abort into a Problem. */
export async function reach(url: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, init);
  } catch (e) {
    if (init.signal?.aborted) throw e;
    throw new Problem(0, "unreachable", `${url} cannot be reached`);
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

/** Reads problem details (RFC 9457); what is not one still has its status. */
export async function problemOf(answer: Response): Promise<Problem> {
  let code = String(answer.status);
  let message = "";
  let errno: number | undefined;
  try {
    const p = (await answer.json()) as { code?: unknown; detail?: unknown; title?: unknown; errno?: unknown };
    if (typeof p.code === "string") code = p.code;
    if (typeof p.errno === "number") errno = p.errno;
    message = typeof p.detail === "string" ? p.detail : typeof p.title === "string" ? p.title : "";
  } catch {
    // not JSON: the status has to do
  }
  return new Problem(answer.status, code, message || `the server answered ${answer.status}`, errno);
}
