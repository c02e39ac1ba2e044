// Runs every *.test.ts and *.test.tsx under web/ (or those whose path contains an argument) with node's own test runner. Node cannot read our
// TypeScript (enums aside, it is the extensionless imports), so esbuild bundles each test file first.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = process.argv.slice(2);
const tests = ["runtime", "host", "elements", "console", "site"]
  .flatMap((dir) => walk(join(web, dir)))
  .filter((f) => /\.test\.tsx?$/.test(f) && (wanted.length === 0 || wanted.some((w) => f.includes(w))));
if (tests.length === 0) {
  console.error("no test matches " + wanted.join(", "));
  process.exit(1);
}

const out = mkdtempSync(join(tmpdir(), "minimart-web-test-"));
let status = 1;
try {
  await build({
    entryPoints: tests.map((f) => ({ in: f, out: relative(web, f).replace(/\.tsx?$/, "").replace(/[/\\]/g, ".") })),
    outdir: out, bundle: true, format: "esm", platform: "node", target: "node20", outExtension: { ".js": ".mjs" },
    sourcemap: "inline", jsx: "automatic", logLevel: "warning", absWorkingDir: web,
  });
  const files = readdirSync(out).filter((f) => f.endsWith(".mjs")).sort().map((f) => join(out, f));
  status = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { cwd: web, stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
process.exit(status);

function walk(dir) {
  let entries;
  try {
    entries = readdirSync(dir, { withFileTypes: true });
  } catch {
    return []; // a part that is not there has no tests
  }
  return entries.flatMap((e) => (e.name === "node_modules" ? [] : e.isDirectory() ? walk(join(dir, e.name)) : [join(dir, e.name)]));
}
