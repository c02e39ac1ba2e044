// CSV for spreadsheets (RFC 4180), and a guard: a spreadsheet takes a cell that begins with one of these for a formula and
// runs it, and the text may come from a stranger (CWE-1236). A leading apostrophe keeps it text.
export type Cell = string | number | boolean | null | undefined;

const formula = /^[=+\-@\t\r＝＋－＠]/;

export function cell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value); // a number of ours is no formula, -1 included
  const safe = formula.test(value.trimStart()) || formula.test(value) ? "'" + value : value;
  return /[",\r\n;]/.test(safe) || safe !== safe.trim() ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** The text of a file: with a byte order mark, without which spreadsheets read Chinese in a code page of their own. */
export function csv(head: string[], rows: Cell[][]): string {
  return "\uFEFF" + [head, ...rows].map((row) => row.map(cell).join(",") + "\r\n").join("");
}

/** Gives the browser a file to save. */
export function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const a = document.createElement("a");
  a.href = url;
  a.download = name;
  document.body.append(a);
  a.click();
  a.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
