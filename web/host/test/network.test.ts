import assert from "node:assert/strict";
import { test } from "node:test";
import { connectable, picturable, requestable } from "../src/bridge/domains";
import { fromDataURL } from "../src/bridge/files";
import { base64url, readMeta } from "../src/bridge/network";

const domains = { request: ["https://api.example.com", "https://shop.example.com:8443", "http://localhost:8080"] };

test("requests go to listed origins only: scheme, host and port", () => {
  const table: [string, boolean][] = [
    ["https://api.example.com/a?b#c", true],
    ["https://API.example.com/", true],
    ["https://api.example.com:443/", true],
    ["https://shop.example.com:8443/x", true],
    ["http://localhost:8080/", true],
    ["http://api.example.com/", false],
    ["https://api.example.com:8443/", false],
    ["https://shop.example.com/", false],
    ["https://api.example.com.evil.example/", false],
    ["https://evil.example/?https://api.example.com", false],
    ["https://api.example.com@evil.example/", false],
    ["https://user:pw@api.example.com/", false],
    ["//api.example.com/", false],
    ["/relative", false],
    ["javascript:alert(1)", false],
    ["file:///etc/passwd", false],
    ["data:text/plain,x", false],
    ["", false],
  ];
  for (const [url, ok] of table) assert.equal("url" in requestable(url, domains), ok, url);
});

test("the fragment stays at home, and the reason names the origin", () => {
  assert.deepEqual(requestable("https://api.example.com/a#secret", domains), { url: "https://api.example.com/a" });
  assert.deepEqual(requestable("https://evil.example/a", domains), { reason: "url not in domain list: https://evil.example" });
});

test("sockets are wss, and ws only on the developer's own machine", () => {
  assert.deepEqual(connectable("wss://api.example.com/live", domains), { url: "wss://api.example.com/live" });
  assert.deepEqual(connectable("ws://localhost:8080/live", domains), { url: "ws://localhost:8080/live" });
  assert.ok("reason" in connectable("ws://api.example.com/", { request: ["http://api.example.com"] }));
  assert.ok("reason" in connectable("wss://other.example.com/", domains));
  assert.deepEqual(connectable("wss://push.example.com/", { request: [], socket: ["wss://push.example.com"] }), { url: "wss://push.example.com/" });
});

test("the relay's header is read in either form, and nothing else is taken for one", () => {
  const meta = { status: 200, header: { "Content-Type": "text/plain", "Set-Cookie": ["a=1", "b=2"] } };
  const want = { status: 200, header: { "Content-Type": "text/plain", "Set-Cookie": "a=1,b=2" }, cookies: ["a=1", "b=2"] };
  assert.deepEqual(readMeta(base64url(JSON.stringify(meta))), want);
  assert.deepEqual(readMeta(JSON.stringify(meta)), want);
  assert.equal(readMeta(base64url('{"status":200,"header":{"X":"中文"}}'))?.header.X, "中文");
  for (const bad of [null, "", "???", "bnVsbA", base64url('{"header":{}}'), base64url("[1]"), "{"]) assert.equal(readMeta(bad), null, String(bad));
});

test("base64url carries any text without characters a header refuses", () => {
  const text = '{"url":"https://例.example/?q=~ÿ"}';
  const out = base64url(text);
  assert.match(out, /^[\w-]+$/);
  assert.equal(Buffer.from(out, "base64url").toString(), text);
});

test("files are data: URLs and nothing else", async () => {
  assert.equal(await fromDataURL("data:text/plain;base64,aGk=")?.text(), "hi");
  assert.equal(await fromDataURL("data:text/plain;charset=utf-8,%E4%B8%AD")?.text(), "中");
  assert.equal(fromDataURL("data:image/png;base64,iVBORw0=")?.type, "image/png");
  for (const bad of ["", "blob:https://x/1", "wxfile://tmp", "/etc/passwd", "data:image/png;base64,%%%", "data:text/plain,%zz"]) assert.equal(fromDataURL(bad), null, bad);
});

test("pictures come from the package, from data: and from the program's domains, so their addresses cannot carry anything out", () => {
  const media = { request: ["https://api.example.com"], media: ["https://img.example.com"] };
  for (const ok of ["https://api.example.com/a.png", "https://img.example.com/b.jpg?x", "data:image/png;base64,iVBORw0="]) assert.equal(picturable(ok, media), ok);
  for (const bad of ["https://evil.example/?stolen=1", "http://img.example.com/", "data:text/html,<script>", "blob:https://api.example.com/1", "javascript:1", "file:///x", "//img.example.com/"]) assert.equal(picturable(bad, media), null, bad);
});
