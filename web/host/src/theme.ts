// Light, dark, or as the system says; remembered.

export type Theme = "system" | "light" | "dark";
const remembered = "minimart.theme";
const dark = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;
const followers = new Set<() => void>();
let chosen: Theme = "system";

export const theme = (): Theme => chosen;
/** What is shown now. */
export const shown = (): "light" | "dark" => (chosen === "system" ? (dark?.matches ? "dark" : "light") : chosen);

export function restoreTheme(): void {
  try {
    const stored = localStorage.getItem(remembered);
    if (stored === "light" || stored === "dark") chosen = stored;
  } catch {
    // no storage: the system decides
  }
  apply();
  dark?.addEventListener("change", () => {
    apply();
    tell();
  });
}

export function setTheme(next: Theme): void {
  chosen = next;
  try {
    localStorage.setItem(remembered, next);
  } catch {
    // lasts until the page is left
  }
  apply();
  tell();
}

/** Calls f after each change until the returned function is called. */
export function followTheme(f: () => void): () => void {
  followers.add(f);
  return () => followers.delete(f);
}

function apply(): void {
  document.documentElement.dataset.theme = shown();
}

function tell(): void {
  for (const f of [...followers]) f();
}
