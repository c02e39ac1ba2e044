import type { Case } from "../case";
import { basics } from "./basics";
import { components } from "./components";
import { random } from "./random";

export const cases: Case[] = [...basics, ...components, ...random];
