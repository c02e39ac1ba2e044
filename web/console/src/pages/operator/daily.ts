// Counting what happened on which day, in the reader's time zone.

const name = (d: Date): string => `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`;

/** The last n days up to now, the oldest first, as 2026-11-27. Days are counted by the calendar: one may have 23 or 25 hours. */
export function days(n: number, now: number): string[] {
  const today = new Date(now);
  return Array.from({ length: n }, (_, i) => name(new Date(today.getFullYear(), today.getMonth(), today.getDate() - (n - 1 - i), 12)));
}

/** How many of the times, in ms, fall on each day of an axis. */
export function perDay(times: number[], axis: string[]): number[] {
  const count = new Map<string, number>(axis.map((d) => [d, 0]));
  for (const t of times) {
    const day = name(new Date(t));
    if (count.has(day)) count.set(day, count.get(day)! + 1);
  }
  return axis.map((d) => count.get(d)!);
}
