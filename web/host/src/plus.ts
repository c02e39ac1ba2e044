// PLUS: what can be joined, and how the consumer stands. Prices are fen.
import { listed } from "./consents";
import { readPlus, str, type Plus } from "./consumer";
import type { Ask } from "./platform";
import { lang } from "./words/lang";

/** joinable: it can be had now; note says why not. */
export interface Plan { code: string; name: { zh: string; en: string }; days: number; price: number; joinable: boolean; note: string }

export async function plans(ask: Ask, signal: AbortSignal): Promise<Plan[]> {
  return listed(await ask("GET", "/membership/plans", undefined, signal)).items.flatMap(readPlan);
}

export const membership = async (ask: Ask, signal: AbortSignal): Promise<Plus> => readPlus(await ask("GET", "/membership", undefined, signal));

/** Joins; it does not renew itself before the consumer says so. Throws Problem. */
export const join = async (ask: Ask, plan: string): Promise<void> => void (await ask("POST", "/membership", { plan, auto: false }));

/** Makes it last longer. until is the end the consumer saw: a second click extends nothing. Throws Problem. */
export const extend = async (ask: Ask, plan: string, until: number): Promise<void> => void (await ask("POST", "/membership/renewal", { plan, until }));

export const renewal = async (ask: Ask, auto: boolean): Promise<void> => void (await ask("PUT", "/membership/renewal", { auto }));

export const nameOf = (p: Plan): string => (lang() === "zh" ? p.name.zh : p.name.en) || p.code;

export function readPlan(o: { [key: string]: unknown }): Plan[] {
  const code = str(o.code), name = (o.name ?? {}) as { zh?: unknown; en?: unknown };
  return code ? [{ code, name: { zh: str(name.zh), en: str(name.en) }, days: Number(o.days) || 0, price: Number(o.price) || 0, joinable: o.joinable === true, note: str(o.note) }] : [];
}
