// Asking our own server: JSON in, JSON or a Problem out.
/** What the server said instead of an answer, or that it could not be reached (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number, readonly code: string, message: string,
    /** number a program finds in errno */ readonly errno?: number,
    /** what is wrong with which part of the input, by the last word of its path: phone, code, nickname */ readonly fields: Readonly<Record<string, string>> = {},
    /** s to wait before trying again; 0 when the server does not say */ readonly retryAfter = 0,
  ) {
    super(message);
  }
}

export async function getJSON(url: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await reach(url, init);
  try {
    return await answer.json();
  } catch (e) {
    if (init.signal?.aborted) throw e;
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
  const fields: Record<string, string> = Object.create(null);
  try {
    const p = (await answer.json()) as { code?: unknown; detail?: unknown; title?: unknown; errno?: unknown; errors?: unknown };
    if (typeof p.code === "string") code = p.code;
    if (typeof p.errno === "number") errno = p.errno;
    message = typeof p.detail === "string" ? p.detail : typeof p.title === "string" ? p.title : "";
    for (const wrong of Array.isArray(p.errors) ? (p.errors as { field?: unknown; message?: unknown }[]) : []) {
      if (typeof wrong?.field === "string" && typeof wrong.message === "string") fields[wrong.field.split(".").at(-1)!] ??= wrong.message;
    }
  } catch {
    // not JSON: the status has to do
  }
  return new Problem(answer.status, code, message || `the server answered ${answer.status}`, errno, fields, Number(answer.headers.get("Retry-After")) || 0);
}
