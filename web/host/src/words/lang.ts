// Which language the host speaks: Chinese first, English at a switch, remembered.

export type Lang = "zh" | "en";
type Word = string | ((...args: never[]) => string);
type Dictionary = Record<string, Word>;
/** The same names with the same parameters, in the other language. */
type Translation<D extends Dictionary> = { [K in keyof D]: D[K] extends string ? string : D[K] };

let current: Lang = "zh";
const followers = new Set<() => void>();
const remembered = "minimart.language";

/** Every dictionary there is, for the test that compares the languages. */
export const dictionaries: { name: string; zh: Dictionary; en: Dictionary }[] = [];

/**
 * Declares the words of one file in both languages and returns a function that gives those of the current one. The compiler
 * refuses a word that one language lacks.
 */
export function words<D extends Dictionary>(name: string, zh: D, en: Translation<D>): () => Translation<D> {
  dictionaries.push({ name, zh, en });
  return () => (current === "zh" ? (zh as Translation<D>) : en);
}

export const lang = (): Lang => current;
/** BCP 47, for the lang attribute and for dates. */
export const locale = (): string => (current === "zh" ? "zh-CN" : "en");
/** A day, written out. */
export const day = (ms: number): string => new Date(ms).toLocaleDateString(locale(), { dateStyle: "long" });
/** A day with its time. */
export const moment = (ms: number): string => new Date(ms).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "short" });
/** As mini programs know it from getSystemInfo. */
export const systemLanguage = (): string => (current === "zh" ? "zh_CN" : "en");

export function setLang(next: Lang): void {
  if (next === current) return;
  current = next;
  try {
    localStorage.setItem(remembered, next);
  } catch {
    // A browser that stores nothing still speaks the language until the page is left.
  }
  for (const f of [...followers]) f();
}

/** Restores the choice of an earlier visit; `?lang=` in the address wins over it. */
export function restoreLang(search: URLSearchParams): void {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(remembered);
  } catch {
    // no storage, no memory
  }
  const asked = search.get("lang") ?? stored;
  if (asked === "zh" || asked === "en") current = asked;
}

/** Calls f after each change of language until the returned function is called. */
export function followLang(f: () => void): () => void {
  followers.add(f);
  return () => followers.delete(f);
}
