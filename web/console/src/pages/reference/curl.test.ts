import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { curl, type Call } from "./curl";

const able = spawnSync("bash", ["-c", "command -v openssl"]).status === 0;
const secret = "mms_3q2-7wAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBk";

/** Runs the script with a curl that only says how it was called. */
function run(c: Call, files: Record<string, string> = {}): { args: string[]; header: Record<string, string> } {
  const dir = mkdtempSync(join(tmpdir(), "curl-"));
  writeFileSync(join(dir, "curl"), '#!/bin/bash\nprintf "%s\\0" "$@"\n');
  chmodSync(join(dir, "curl"), 0o755);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const script = curl(c).replace("key_…", "key_1").replace("mms_…", secret);
  const ran = spawnSync("bash", ["-c", script], { cwd: dir, env: { ...process.env, PATH: dir + ":" + process.env.PATH }, encoding: "utf8" });
  assert.equal(ran.status, 0, ran.stderr);
  const args = ran.stdout.split("\0");
  const said = args.find((a) => a.startsWith("Authorization: "))!.replace("Authorization: Minimart-HMAC-SHA256 ", "");
  return { args, header: Object.fromEntries(said.split(", ").map((p) => p.split("=") as [string, string])) };
}

function check(c: Call, body: string, header: Record<string, string>): void {
  assert.equal(header.body, createHash("sha256").update(body).digest("hex"));
  const text = ["Minimart-HMAC-SHA256", c.method, c.path, c.query, header.timestamp, header.nonce, "key_1", header.body].join("\n");
  assert.equal(header.signature, createHmac("sha256", secret).update(text).digest("hex"));
  assert.match(header.nonce!, /^[A-Za-z0-9_-]{16,64}$/);
}

test("the script signs a call without a body", { skip: !able }, () => {
  const c: Call = { origin: "https://p.example", method: "GET", path: "/open/v1/versions", query: "limit=20", body: null, type: "" };
  const { args, header } = run(c);
  check(c, "", header);
  assert.ok(args.includes("https://p.example/open/v1/versions?limit=20"));
});

test("and one with JSON, quotes and all", { skip: !able }, () => {
  const body = `{"code":"it's $HOME \`x\` \\\\ 100%"}`;
  const c: Call = { origin: "https://p.example", method: "POST", path: "/open/v1/login-codes/exchange", query: "", body, type: "application/json" };
  const { args, header } = run(c);
  check(c, body, header);
  assert.ok(args.includes(body));
  assert.ok(args.includes("https://p.example/open/v1/login-codes/exchange"));
});

test("and a file", { skip: !able }, () => {
  const c: Call = { origin: "https://p.example", method: "POST", path: "/open/v1/versions", query: "label=1.0.3", body: null, type: "application/zip" };
  const { args, header } = run(c, { "package.zip": "PK zip" });
  check(c, "PK zip", header);
  assert.ok(args.includes("@package.zip"));
});
