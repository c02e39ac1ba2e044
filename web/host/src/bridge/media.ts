// Pictures: looking at them, choosing them, measuring them.
import { Args, CallFailed } from "./arguments";
import type { Call } from "./bridge";
import { dataURL } from "./files";

const MB = 1 << 20;
const longSide = 1280; // px a compressed picture has at most
const accepted = ["image/jpeg", "image/png", "image/webp", "image/gif"];

export const media: Record<string, Call> = {
  async previewImage(a, context) {
    const wanted = a.texts("urls", { min: 1, max: 100, each: 15 * MB });
    const urls = wanted.map((u) => context.picture(u) ?? "").filter(Boolean);
    if (urls.length === 0) throw new CallFailed("none of urls is a picture it may show: data:, a path in the package, or https: of a domain in its list");
    const current = a.text("current", { max: 15 * MB, or: "" });
    // On its way, not waited for: the call succeeds when the pictures are on the screen.
    const shown = context.overlays.open({ kind: "gallery", urls, at: Math.max(0, urls.indexOf(context.picture(current) ?? "")) });
    await Promise.race([shown, null]); // fails when it cannot be opened
  },

  async chooseImage(a, context) {
    const files = await choose(a, context.signal);
    return { tempFilePaths: files.map((f) => f.path), tempFiles: files.map(({ path, size }) => ({ path, size })) };
  },
  async chooseMedia(a, context) {
    if (!a.texts("mediaType", { min: 1, max: 3, each: 20, or: ["image"] }).some((t) => t === "image" || t === "mix")) throw new CallFailed("this host chooses pictures only: mediaType must contain image");
    const files = await choose(a, context.signal);
    return { type: "image", tempFiles: files.map(({ path, size }) => ({ tempFilePath: path, size, fileType: "image" })) };
  },

  async getImageInfo(a, { picture }) {
    const src = a.text("src", { max: 15 * MB });
    const url = picture(src);
    if (!url) throw new CallFailed("src is not a picture it may load: data:, a path in the package, or https: of a domain in its list");
    const img = new Image();
    img.src = url;
    await img.decode().catch(() => {
      throw new CallFailed("the picture cannot be loaded");
    });
    const type = /^data:image\/(\w+)/.exec(url)?.[1] ?? /\.(\w+)(?:\?|$)/.exec(url)?.[1]?.toLowerCase() ?? "unknown";
    return { width: img.naturalWidth, height: img.naturalHeight, path: url, orientation: "up", type: type === "jpg" ? "jpeg" : type };
  },
};

async function choose(a: Args, signal: AbortSignal): Promise<{ path: string; size: number }[]> {
  const count = a.number("count", { min: 1, max: 20, or: 9 });
  const compress = a.texts("sizeType", { min: 0, max: 2, each: 20, or: ["original", "compressed"] }).includes("compressed");
  const from = a.texts("sourceType", { min: 0, max: 4, each: 20, or: ["album", "camera"] });
  const input = document.createElement("input");
  input.type = "file";
  input.accept = accepted.join(",");
  input.multiple = count > 1;
  if (from.length === 1 && from[0] === "camera") input.setAttribute("capture", "environment");
  const chosen = await new Promise<File[]>((resolve) => {
    input.addEventListener("change", () => resolve([...(input.files ?? [])]));
    input.addEventListener("cancel", () => resolve([]));
    signal.addEventListener("abort", () => resolve([]));
    input.click();
  });
  if (chosen.length === 0) throw new CallFailed("cancel");
  const files: { path: string; size: number }[] = [];
  let total = 0;
  for (const file of chosen.slice(0, count)) {
    if (!accepted.includes(file.type)) throw new CallFailed(`"${file.name}" is not a JPEG, PNG, WebP or GIF picture`);
    const blob = compress ? await smaller(file) : file;
    total += blob.size;
    if (blob.size > 10 * MB || total > 20 * MB) throw new CallFailed(`"${file.name}": pictures may have 10 MB each and 20 MB together; choose sizeType compressed`);
    files.push({ path: await dataURL(blob), size: blob.size });
  }
  return files;
}

/** The picture with its long side at most 1280 px, as JPEG; itself when it is small already or moves. */
async function smaller(file: File): Promise<Blob> {
  if (file.type === "image/gif") return file;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new CallFailed(`"${file.name}" cannot be read as a picture`);
  }
  const scale = Math.min(1, longSide / Math.max(bitmap.width, bitmap.height));
  if (scale === 1 && file.size < 300 * 1024) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d")!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const keepsAlpha = file.type === "image/png" || file.type === "image/webp";
  return new Promise((resolve) => canvas.toBlob((b) => resolve(b && b.size < file.size ? b : file), keepsAlpha ? "image/webp" : "image/jpeg", 0.8));
}
