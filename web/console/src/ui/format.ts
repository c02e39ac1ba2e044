// Times, sizes and numbers as the reader writes them.
import { commonWords } from "../words/common";
import { locale } from "../words/lang";

const formats = new Map<string, Intl.DateTimeFormat>();
function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale() + JSON.stringify(options);
  let f = formats.get(key);
  if (!f) formats.set(key, (f = new Intl.DateTimeFormat(locale(), options)));
  return f;
}

/** Day and minute of a time in ms; "" for 0 and nothing. The year is left out when it is this one. */
export function moment(ms: number | undefined, now = Date.now()): string {
  if (!ms) return "";
  const then = new Date(ms), today = new Date(now);
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (then.toDateString() === today.toDateString()) return commonWords().today(format(time).format(then));
  const day: Intl.DateTimeFormatOptions = { month: "short", day: "numeric", ...(then.getFullYear() === today.getFullYear() ? {} : { year: "numeric" }) };
  return format({ ...day, ...time }).format(then);
}

/** To the second and with the zone, for who hovers. */
export const exactly = (ms: number): string => format({ dateStyle: "full", timeStyle: "long" }).format(new Date(ms));
/** Day alone. */
export const day = (ms: number | undefined): string => (ms ? format({ year: "numeric", month: "short", day: "numeric" }).format(new Date(ms)) : "");
/** For files that machines read: 2026-11-27T09:30:00.000Z. */
export const iso = (ms: number | undefined): string => (ms ? new Date(ms).toISOString() : "");

export const number = (n: number): string => new Intl.NumberFormat(locale()).format(n);

/** 1536 is "1.5 KB". */
export function bytes(n: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let i = 0;
  while (n >= 1000 && i < units.length - 1) {
    n /= 1000;
    i++;
  }
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: i === 0 ? 0 : 1 }).format(n) + " " + units[i];
}

/** A share in millionths: 100_000 is "10%". */
export const share = (ppm: number): string => new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 4 }).format(ppm / 1_000_000);

/** The last minute of a day as an input of type date names it, in ms; 0 for nothing. */
export const endOfDay = (date: string | undefined): number => (date ? new Date(date + "T23:59:59").getTime() : 0);
/** The first minute of it. */
export const startOfDay = (date: string | undefined): number => (date ? new Date(date + "T00:00:00").getTime() : 0);

/** "ver_01M8…JVN3W6" of a long id: enough to tell one from another. */
export const short = (id: string): string => (id.length > 22 ? `${id.slice(0, 8)}…${id.slice(-6)}` : id);
