// Files of a program are data: URLs: the sandbox cannot read the host's blobs, and what is text can be stored, set and shown.

/** The bytes behind a data: URL, or null when it is none. */
export function fromDataURL(url: string): Blob | null {
  const m = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.+-]+)*?(;base64)?,/i.exec(url);
  if (!m) return null;
  const rest = url.slice(m[0].length);
  try {
    const bytes = m[2] ? Uint8Array.from(atob(rest), (c) => c.charCodeAt(0)) : new TextEncoder().encode(decodeURIComponent(rest));
    return new Blob([bytes], { type: m[1] ?? "text/plain" });
  } catch {
    return null;
  }
}

export function dataURL(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error("the file cannot be read"));
    reader.readAsDataURL(blob);
  });
}
