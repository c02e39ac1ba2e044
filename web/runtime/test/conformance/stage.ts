// Runs cases on both sides and says where they differ.
import * as easel from "glass-easel";
import { PAGE, type Case } from "./case";
import { cases } from "./cases/all";
import { plain } from "./look";
import { oracle } from "./oracle";
import { ours } from "./ours";

export interface Built { problems: string[]; logic: string; view: string[]; app: any; entry: string; pages: string[] }
/** One side, with the program started. */
export interface Side {
  readonly page: any;
  settle(): void;
  show(): string;
  has(id: string): boolean;
  tap(id: string, detail?: unknown): void;
  end(): void;
}

let heard: string[] = [];
const say = (text: string): void => void heard.push(text);
Object.assign(window, { LOG: (...what: unknown[]) => say(what.map((w) => (typeof w === "string" ? w : plain(w))).join(" ")) });
// Errors of programs are compared like what they log; without a listener glass-easel throws them out of its own functions.
easel.addGlobalErrorListener((e: unknown) => (say(`error: ${e instanceof Error ? e.message : String(e)}`), false));
easel.addGlobalWarningListener(() => false);

export const names = (): string[] => cases.map((c) => c.name);

const files = (c: Case): Record<string, string> => ({ "app.json": JSON.stringify({ pages: [PAGE] }), "app.js": "PAGES(getCurrentPages); App({})", ...c.files });

function box(): HTMLElement {
  const el = document.createElement("div");
  document.body.append(el);
  return el;
}

/** Differences of one case, as text; none is good. */
export async function run(i: number): Promise<string[]> {
  const c = cases[i]!;
  const built: Built = await (await fetch("/build", { method: "POST", body: JSON.stringify(files(c)) })).json();
  if (built.problems.length) return [`does not compile: ${built.problems.join("\n")}`];
  heard = [];
  const a = await ours(built, box(), say);
  a.settle();
  const mine = [report(a)];
  const data = [JSON.parse(JSON.stringify(a.page.data))];
  let b: Side | null = null;
  try {
    b = oracle(c, box(), say);
    const theirs = [report(b)];
    for (const step of c.steps) {
      mine.push(act(a, step));
      data.push(JSON.parse(JSON.stringify(a.page.data)));
      theirs.push(act(b, step));
    }
    return compare(c, mine, theirs, (n) => {
      if (!c.with) return false;
      const fresh = oracle(c.with(data[n]!), box(), () => {});
      const tree = fresh.show();
      fresh.end();
      return mine[n]!.startsWith(tree) && mine[n]!.slice(tree.length).split("\n").every((l) => !l || l.startsWith("> "));
    });
  } finally {
    a.end();
    b?.end();
  }
}

function act(side: Side, step: Case["steps"][number]): string {
  try {
    step({ page: side.page, log: (...what) => (window as any).LOG(...what), has: side.has, tap: side.tap });
  } catch (e) {
    say(`thrown: ${e instanceof Error ? e.message : String(e)}`);
  }
  side.settle();
  return report(side);
}

/** What is to be seen and what was heard since the last look. */
function report(side: Side): string {
  const said = heard;
  heard = [];
  return side.show() + said.map((s) => `> ${s}\n`).join("");
}

/** stale(n): what is shown here after step n-1 is what a fresh page of the other side shows, so the other lost track. */
function compare(c: Case, mine: string[], theirs: string[], stale: (n: number) => boolean): string[] {
  const out: string[] = [];
  if (c.unordered) [mine, theirs] = [mine.map(sorted), theirs.map(sorted)];
  mine.forEach((got, n) => {
    const step = n - 1, want = c.instead?.show[step];
    if (want !== undefined) {
      if (clean(got) !== clean(want)) out.push(`step ${step}: was to differ, and does in another way\n--- got\n${got}--- recorded (${c.instead!.why})\n${want}--- glass-easel\n${theirs[n]}`);
      else if (got === theirs[n]) out.push(`step ${step}: recorded as a difference (${c.instead!.why}), and there is none any more`);
    } else if (got !== theirs[n] && out.length < 3 && !stale(n)) out.push(`step ${step}${step >= 0 ? ` ${c.steps[step]}` : ""}\n${around(got, theirs[n]!)}`);
  });
  if (out.length) out.push(Object.entries(c.files).map(([f, t]) => `${f}: ${t}`).join("\n"));
  return out;
}
const sorted = (text: string): string => {
  const lines = text.split("\n"), at = lines.findIndex((l) => l.startsWith("> "));
  return at < 0 ? text : [...lines.slice(0, at), ...lines.slice(at).filter(Boolean).sort(), ""].join("\n");
};
const clean = (text: string): string => text.trim().split("\n").map((l) => l.trimEnd()).join("\n");

/** Both reports around the first line that differs, whole when they are short. */
function around(mine: string, theirs: string): string {
  const a = mine.split("\n"), b = theirs.split("\n");
  const at = a.findIndex((line, i) => line !== b[i]), from = a.length + b.length < 60 ? 0 : Math.max(0, at - 8);
  const part = (lines: string[]): string => lines.slice(from, from ? at + 8 : undefined).map((l, i) => (i + from === at ? "≠" : " ") + l + "\n").join("");
  return `--- minimart${from ? `, from line ${from + 1}` : ""}\n${part(a)}--- glass-easel\n${part(b)}`;
}
