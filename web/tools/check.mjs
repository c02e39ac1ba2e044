// Type-checks every browser project, each against the library of the place it runs in: a worker has no document, a page no
// importScripts. All projects are checked before it fails, so one broken place does not hide another.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = join(web, "node_modules", "typescript", "bin", "tsc");
const wanted = process.argv.slice(2);
const projects = readdirSync(web)
  .map((f) => /^tsconfig\.(\w+)\.json$/.exec(f)?.[1])
  .filter((name) => name && (wanted.length === 0 || wanted.includes(name)));
if (projects.length === 0) {
  console.error(`no project named ${wanted.join(", ")}: there is a tsconfig.<name>.json for each`);
  process.exit(1);
}
let failed = false;
for (const name of projects) {
  const run = spawnSync(process.execPath, [tsc, "-p", `tsconfig.${name}.json`, "--pretty", "false"], { cwd: web, encoding: "utf8" });
  // TS18003: a project whose sources do not exist yet has nothing to check.
  const out = (run.stdout + run.stderr).trim();
  const empty = out.includes("TS18003");
  const ok = run.status === 0 || empty;
  console.log(`${ok ? "ok  " : "FAIL"} ${name}${empty ? " (no sources)" : ""}`);
  if (!ok) console.log(out);
  failed ||= !ok;
}
process.exit(failed ? 1 : 0);
