import assert from "node:assert/strict";
import { test } from "node:test";
import { byTag, example, follow, limits, media, scopesOf, typeName, type Document } from "./openapi";

const doc: Document = {
  openapi: "3.1.0", info: { title: "t", version: "1" },
  paths: {
    "/open/v1/b": { get: { operationId: "list-b", tags: ["B"], security: [{ hmac: ["b:read"] }] }, post: { operationId: "make-b", tags: ["B"] } },
    "/open/v1/a": { get: { operationId: "list-a", tags: ["A"] }, parameters: {} as never },
  },
  components: {
    schemas: {
      Node: { type: "object", required: ["id"], properties: { $schema: { type: "string" }, id: { type: "string", example: "n_1" }, next: { $ref: "#/components/schemas/Node" }, tags: { type: ["array", "null"], items: { type: "string" } }, n: { type: "integer", format: "int64", minimum: 1, maximum: 9 } } },
      Loop: { $ref: "#/components/schemas/Loop" },
      Map: { type: "object", additionalProperties: { type: "integer" } },
    },
  },
};
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

test("operations come by tag, then by path", () => {
  assert.deepEqual(byTag(doc).map((g) => [g.tag, g.entries.map((e) => e.id)]), [["A", ["list-a"]], ["B", ["list-b", "make-b"]]]);
  assert.deepEqual(scopesOf(byTag(doc)[1]!.entries[0]!.operation), ["b:read"]);
});

test("an example ends, however a schema refers to itself", () => {
  const made = example(doc, ref("Node")) as { id: string; next: { id: string }; tags: string[]; n: number };
  assert.equal(made.id, "n_1");
  assert.equal(made.next.id, "n_1");
  assert.deepEqual(made.tags, ["string"]);
  assert.equal(made.n, 1);
  assert.ok(!("$schema" in made));
  assert.equal(example(doc, ref("Loop")), null);
  assert.equal(follow(doc, ref("Gone")), undefined);
  assert.equal(follow(doc, { $ref: "#/constructor/prototype" }), undefined);
});

test("types and limits are said in short", () => {
  assert.equal(typeName(doc, { type: ["array", "null"], items: { type: "string" } }), "array of string | null");
  assert.equal(typeName(doc, ref("Map")), "map of integer");
  assert.equal(typeName(doc, { type: "integer", format: "int64" }), "integer (int64)");
  assert.deepEqual(limits({ minimum: 1, maximum: 100, default: 20 }), ["1–100", "= 20"]);
});

test("JSON is taken before other kinds of bodies", () => {
  assert.equal(media({ "text/plain": {}, "application/json": {} })?.type, "application/json");
  assert.equal(media({ "application/zip": {} })?.type, "application/zip");
  assert.equal(media(undefined), null);
});
