import type { Case } from "../case";
import { basics } from "./basics";
import { components } from "./components";

export const cases: Case[] = [...basics, ...components];
