// What every built-in module starts from.
import type { Kit } from "../view/main";

declare global {
  interface Window { $M: Kit }
}
export type { Behaviour } from "../view/builtin";
export type { El } from "../view/types";
