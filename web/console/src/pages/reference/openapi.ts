// Reading an OpenAPI 3.1 document: operations by tag, schemas with what they refer to, an example of each.

export type Schema = {
  $ref?: string; type?: string | string[]; format?: string; description?: string; title?: string; enum?: unknown[]; const?: unknown; default?: unknown; example?: unknown; examples?: unknown[];
  properties?: Record<string, Schema>; required?: string[]; items?: Schema; additionalProperties?: boolean | Schema; oneOf?: Schema[]; anyOf?: Schema[]; allOf?: Schema[];
  minimum?: number; maximum?: number; minLength?: number; maxLength?: number; minItems?: number; maxItems?: number; pattern?: string; readOnly?: boolean; writeOnly?: boolean; contentMediaType?: string; contentEncoding?: string;
};
export type Parameter = { name: string; in: "query" | "path" | "header" | "cookie"; required?: boolean; description?: string; schema?: Schema; example?: unknown };
type Media = Record<string, { schema?: Schema; example?: unknown }>;
export type Answer = { description?: string; content?: Media; headers?: Record<string, { description?: string; schema?: Schema }> };
export type Operation = {
  operationId?: string; summary?: string; description?: string; tags?: string[]; deprecated?: boolean; parameters?: (Parameter | { $ref: string })[]; requestBody?: { required?: boolean; content?: Media }; responses?: Record<string, Answer | { $ref: string }>; security?: Record<string, string[]>[];
  [extension: `x-${string}`]: unknown;
};
export type Document = { openapi: string; info: { title: string; version: string; description?: string }; paths: Record<string, Record<string, Operation>>; components?: { schemas?: Record<string, Schema> } & Record<string, unknown> };

export type Entry = { id: string; method: string; path: string; operation: Operation };
const methods = ["get", "post", "put", "patch", "delete", "head"];

/** Operations by their first tag, tags by name, operations by path. */
export function byTag(d: Document): { tag: string; entries: Entry[] }[] {
  const groups = new Map<string, Entry[]>();
  for (const [path, item] of Object.entries(d.paths ?? {})) {
    for (const method of methods) {
      const operation = item[method];
      if (!operation) continue;
      const tag = operation.tags?.[0] ?? "";
      groups.set(tag, [...(groups.get(tag) ?? []), { id: operation.operationId ?? `${method}-${path}`, method: method.toUpperCase(), path, operation }]);
    }
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([tag, entries]) => ({ tag, entries: entries.sort((a, b) => a.path.localeCompare(b.path) || methods.indexOf(a.method.toLowerCase()) - methods.indexOf(b.method.toLowerCase())) }));
}

/** What a reference in the document points to; undefined when it points nowhere. */
export function follow<T>(d: Document, part: T | { $ref: string } | undefined): T | undefined {
  let at = part;
  for (let i = 0; i < 8 && at && typeof at === "object" && "$ref" in at && typeof at.$ref === "string"; i++) {
    let found: unknown = d;
    for (const step of at.$ref.replace(/^#\//, "").split("/")) {
      const name = decodeURIComponent(step).replace(/~1/g, "/").replace(/~0/g, "~");
      found = found && typeof found === "object" && Object.hasOwn(found, name) ? (found as Record<string, unknown>)[name] : undefined;
    }
    at = found as T | undefined;
  }
  return at && typeof at === "object" && "$ref" in at ? undefined : (at as T | undefined);
}

/** The type of a schema in a word or two: "string", "integer (int64)", "array of string". */
export function typeName(d: Document, schema: Schema | undefined): string {
  const s = follow<Schema>(d, schema);
  if (!s) return "";
  const types = (Array.isArray(s.type) ? s.type : s.type ? [s.type] : []).filter((t) => t !== "null");
  const nullable = Array.isArray(s.type) && s.type.includes("null") ? " | null" : "";
  if (types[0] === "array") return `array of ${typeName(d, s.items) || "any"}${nullable}`;
  if (types[0] === "object" && s.additionalProperties && typeof s.additionalProperties === "object") return `map of ${typeName(d, s.additionalProperties) || "any"}${nullable}`;
  const name = types.join(" | ") || (s.enum ? "enum" : s.properties ? "object" : "any");
  return name + (s.format ? ` (${s.format})` : "") + nullable;
}

/** What else a schema demands, in short: "1 to 100", "one of a, b". */
export function limits(s: Schema): string[] {
  const out: string[] = [];
  const range = (low: number | undefined, high: number | undefined, what: string): void => {
    if (low !== undefined && high !== undefined) out.push(`${low}–${high}${what}`);
    else if (low !== undefined) out.push(`≥ ${low}${what}`);
    else if (high !== undefined) out.push(`≤ ${high}${what}`);
  };
  range(s.minimum, s.maximum, "");
  range(s.minLength, s.maxLength, " chars");
  range(s.minItems, s.maxItems, " items");
  if (s.enum) out.push(s.enum.map(String).join(" | "));
  if (s.pattern) out.push(s.pattern);
  if (s.default !== undefined) out.push(`= ${JSON.stringify(s.default)}`);
  return out;
}

/** An example of a schema: what it says itself, or one made of its parts. */
export function example(d: Document, schema: Schema | undefined, depth = 0): unknown {
  const s = follow<Schema>(d, schema);
  if (!s || depth > 6) return null;
  if (s.example !== undefined) return s.example;
  if (s.examples?.length) return s.examples[0];
  if (s.const !== undefined) return s.const;
  if (s.default !== undefined) return s.default;
  if (s.enum?.length) return s.enum[0];
  const one = s.oneOf?.[0] ?? s.anyOf?.[0];
  if (one) return example(d, one, depth + 1);
  if (s.allOf) return Object.assign({}, ...s.allOf.map((part) => example(d, part, depth + 1)));
  const type = (Array.isArray(s.type) ? s.type.find((t) => t !== "null") : s.type) ?? (s.properties ? "object" : "");
  switch (type) {
    case "object": {
      const out: Record<string, unknown> = {};
      for (const [name, part] of Object.entries(s.properties ?? {})) if (name !== "$schema") out[name] = example(d, part, depth + 1);
      if (!s.properties && s.additionalProperties && typeof s.additionalProperties === "object") out.name = example(d, s.additionalProperties, depth + 1);
      return out;
    }
    case "array":
      return s.items ? [example(d, s.items, depth + 1)] : [];
    case "integer":
    case "number":
      return s.minimum ?? 0;
    case "boolean":
      return false;
    case "string":
      return s.format === "date-time" ? "2026-01-02T03:04:05Z" : "string";
  }
  return null;
}

/** The JSON part of a body, and what kind it is. */
export function media(content: Media | undefined): { type: string; schema: Schema | undefined; example: unknown } | null {
  const all = Object.entries(content ?? {});
  const [type, part] = all.find(([t]) => t.includes("json")) ?? all[0] ?? [];
  return type && part ? { type, schema: part.schema, example: part.example } : null;
}

/** The scope a key needs for an operation, where the document says so. */
export function scopesOf(o: Operation): string[] {
  const out = new Set<string>();
  for (const one of o.security ?? []) for (const names of Object.values(one)) for (const n of names) out.add(n);
  return [...out];
}
