// The launch manifest: what the server says about a program that is to be opened. program/deliver writes it.
import type { AppConfig } from "../../../runtime/src/shared/protocol";
import type { Domains } from "../bridge/domains";
import { ask as askPlatform } from "../platform";

export interface Launch {
  app: string;
  version: string;
  /** what the developer calls the version; the version itself is an id */
  label?: string;
  versionType: "release" | "trial" | "develop";
  name: string;
  icon?: string;
  summary?: string;
  dialect: "jd" | "wx";
  /** page shown first */
  entry: string;
  config: AppConfig;
  pages: Record<string, { package: string; view: string[] }>;
  packages: Record<string, { logic: string; independent?: boolean }>;
  /** path in the package → file name below base */
  assets: Record<string, string>;
  /** where files are, for example "/p/" */
  base: string;
  /** origins it may reach; media: pictures and sound besides those of request */
  domains: Domains;
  limits: { storage: number; flush: number };
  /** address of the sandbox document */
  frame: string;
  runtime: { worker: string; builtins: Record<string, string> };
  /** whose program it is; "" where nobody says */
  organisation: string;
  /** capabilities it has been granted, and which API belongs to which */
  capabilities: string[];
  gates: Record<string, string>;
  /** what it learns of a consumer, by kind, and what for: as reviewed with the version */
  privacy: Record<string, string>;
  /** what opened a version that is not released: named again in what it asks; "" for a release */
  ticket: string;
}

const prefetched = new Map<string, { at: number; launch: Promise<Launch> }>();

/** Asks for a program's launch manifest before it is tapped. A failure is not remembered; opening asks again. */
export function prefetchLaunch(app: string): void {
  const old = prefetched.get(app);
  if (old && Date.now() - old.at < 10_000) return;
  const launch = ask(app);
  prefetched.set(app, { at: Date.now(), launch });
  launch.catch(() => prefetched.delete(app));
}

/**
 * The launch manifest of a program; a ticket opens a version that is not released. Throws Problem (from fetching) when the server
 * refuses or cannot be reached.
 */
export function fetchLaunch(app: string, ticket: string, signal: AbortSignal): Promise<Launch> {
  const old = prefetched.get(app);
  prefetched.delete(app);
  return old && !ticket && Date.now() - old.at < 10_000 ? old.launch : ask(app, ticket, signal);
}

async function ask(app: string, ticket = "", signal?: AbortSignal): Promise<Launch> {
  const search = ticket ? "?" + new URLSearchParams({ ticket }) : "";
  return { ...readLaunch(await askPlatform("GET", `/programs/${encodeURIComponent(app)}/launch${search}`, undefined, signal)), ticket };
}

/** Checks what the rest of the host relies on, so that a server of another version fails here and by name. */
export function readLaunch(raw: unknown): Launch {
  const bad = (what: string) => new Error(`launch manifest: ${what}; host and server are of different versions, reload the page`);
  if (raw === null || typeof raw !== "object") throw bad("not an object");
  const l = raw as Partial<Launch>;
  for (const name of ["app", "version", "name", "entry", "base", "frame"] as const) {
    if (typeof l[name] !== "string" || l[name] === "") throw bad(`${name} is missing`);
  }
  for (const name of ["config", "pages", "packages", "runtime"] as const) {
    if (l[name] === null || typeof l[name] !== "object") throw bad(`${name} is missing`);
  }
  if (typeof l.runtime!.worker !== "string") throw bad("runtime.worker is missing");
  if (!Object.hasOwn(l.pages!, l.entry!)) throw bad(`the entry page ${l.entry} is not among the pages`);
  const texts = (v: unknown): v is string[] => Array.isArray(v) && v.every((t) => typeof t === "string");
  for (const [path, page] of Object.entries(l.pages!)) {
    if (!texts(page?.view)) throw bad(`pages["${path}"].view is not a list of files`);
    if (typeof page.package !== "string" || !Object.hasOwn(l.packages!, page.package)) throw bad(`pages["${path}"] lies in package ${JSON.stringify(page.package)}, which is missing`);
  }
  for (const [root, pack] of Object.entries(l.packages!)) if (typeof pack?.logic !== "string") throw bad(`packages["${root}"].logic is missing`);
  for (const [what, map] of [["assets", l.assets], ["runtime.builtins", l.runtime!.builtins]] as const) {
    if (map !== undefined && (map === null || typeof map !== "object" || !texts(Object.values(map)))) throw bad(`${what} should be names and files`);
  }
  if (l.capabilities !== undefined && l.capabilities !== null && !texts(l.capabilities)) throw bad("capabilities should be a list of names");
  for (const [what, map] of [["gates", l.gates], ["privacy", l.privacy]] as const) {
    if (map !== undefined && map !== null && (typeof map !== "object" || !texts(Object.values(map)))) throw bad(`${what} should be names and texts`);
  }
  for (const kind of ["request", "media", "socket"] as const) if (l.domains?.[kind] !== undefined && !texts(l.domains[kind])) throw bad(`domains.${kind} should be a list of origins`);
  return {
    ...(l as Launch),
    versionType: l.versionType ?? "release",
    dialect: l.dialect ?? "jd",
    assets: l.assets ?? {},
    domains: { ...l.domains, request: l.domains?.request ?? [] },
    limits: { storage: l.limits?.storage || 10 << 20, flush: l.limits?.flush || 4 << 20 },
    runtime: { worker: l.runtime!.worker, builtins: l.runtime!.builtins ?? {} },
    organisation: typeof l.organisation === "string" ? l.organisation : "",
    capabilities: l.capabilities ?? [], gates: l.gates ?? {}, privacy: l.privacy ?? {}, ticket: "",
  };
}

/** Where a file of the program is. Names that are addresses already stay. */
export function fileAddress(l: Pick<Launch, "base">, name: string): string {
  return new URL(name, new URL(l.base, location.origin)).href;
}
