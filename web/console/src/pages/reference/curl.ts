// A signed call as a shell script: bash, openssl and curl are enough. The rules are those of open/gateway/README.md.

export type Call = { origin: string; method: string; path: string; query: string; body: string | null; /** of the body, when it is no JSON: then it is read from a file */ type: string };

const quote = (s: string): string => `'${s.replaceAll("'", `'\\''`)}'`;

/** path is escaped and query sorted already: examples are written that way. */
export function curl(c: Call): string {
  const file = c.body === null && c.type !== "" && !c.type.includes("json");
  const lines = [
    `KEY='key_…' SECRET='mms_…'`,
    `METHOD=${c.method} PATH_=${quote(c.path)} QUERY=${quote(c.query)}`,
    ...(file ? [`BODY=package.zip`] : c.body === null ? [] : [`BODY=${quote(c.body)}`]),
    "",
    `TIME=$(date +%s) NONCE=$(openssl rand -hex 16)`,
    file ? `HASH=$(openssl dgst -sha256 -r "$BODY" | cut -d' ' -f1)` : `HASH=$(printf %s ${c.body === null ? "''" : `"$BODY"`} | openssl dgst -sha256 -r | cut -d' ' -f1)`,
    `SIGNATURE=$(printf '%s\\n%s\\n%s\\n%s\\n%s\\n%s\\n%s\\n%s' Minimart-HMAC-SHA256 "$METHOD" "$PATH_" "$QUERY" "$TIME" "$NONCE" "$KEY" "$HASH" |`,
    `  openssl dgst -sha256 -hmac "$SECRET" -r | cut -d' ' -f1)`,
    "",
    `curl -X "$METHOD" "${c.origin}$PATH_\${QUERY:+?$QUERY}" \\`,
    `  -H "Authorization: Minimart-HMAC-SHA256 key=$KEY, timestamp=$TIME, nonce=$NONCE, body=$HASH, signature=$SIGNATURE"` + (file || c.body !== null ? " \\" : ""),
    ...(file ? [`  -H 'Content-Type: ${c.type}' --data-binary "@$BODY"`] : c.body === null ? [] : [`  -H 'Content-Type: application/json' --data-binary "$BODY"`]),
  ];
  return lines.join("\n");
}
