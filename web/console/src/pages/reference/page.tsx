// The reference of the open API: for everybody, drawn from the document the platform publishes.
import { Fragment, type ReactNode } from "react";
import { Problem, problemOf } from "../../api/client";
import { Link, useLocation } from "../../router";
import { Controls } from "../../shell/controls";
import { Seal } from "../../ui/icons";
import { Load, useLoad } from "../../ui/load";
import { CopyButton, Page, Section } from "../../ui/parts";
import { referenceWords } from "../../words/reference";
import { shellWords } from "../../words/shell";
import { curl } from "./curl";
import { byTag, example, follow, limits, media, scopesOf, typeName, type Answer, type Document, type Entry, type Parameter, type Schema } from "./openapi";

const address = "/open/v1/openapi.json";

async function load(signal: AbortSignal): Promise<Document> {
  let answer: Response;
  try {
    answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
  } catch (e) {
    if (signal.aborted) throw e;
    throw new Problem(0, "unreachable", "");
  }
  if (!answer.ok) throw problemOf(answer.status, await answer.text());
  return (await answer.json()) as Document;
}

export default function Reference({ outside }: { outside?: boolean }): ReactNode {
  const t = referenceWords();
  const page = <Contents />;
  if (!outside) return page;
  return (
    <div className="body">
      <header className="top"><span className="grow"><Seal /><b style={{ fontWeight: 650 }}>{shellWords().brand}</b></span><Controls /><Link className="account" to="/sign-in">{t.signIn}</Link></header>
      <main id="main">{page}</main>
    </div>
  );
}

function Contents(): ReactNode {
  const t = referenceWords();
  const { query } = useLocation();
  const loaded = useLoad("openapi", load);
  const only = query.get("operation") ?? "";
  return (
    <Page title={t.title} lead={<>{t.lead} <a href={address} download="openapi.json">{t.download}</a></>}>
      <Load of={loaded} rows={12}>{(d) => {
        const groups = byTag(d);
        return (
          <div className="reference">
            <nav className="reference-nav" aria-label={t.contents}>
              <a href="#start">{t.start}</a><a href="#signing">{t.signing}</a><a href="#problems">{t.problems}</a><a href="#webhooks">{t.webhooks}</a>
              {groups.map((g) => <Fragment key={g.tag}><h2>{g.tag || t.other}</h2>{g.entries.map((e) => <a key={e.id} href={"#" + e.id}>{e.operation.summary || e.path}</a>)}</Fragment>)}
            </nav>
            <div className="stack" style={{ gap: 16 }}>
              {only ? null : <Basics />}
              {groups.length === 0 ? <p className="faint">{t.none}</p> : null}
              {groups.map((g) => (
                <div className="stack" key={g.tag}>
                  <h2 className="reference-tag">{g.tag || t.other}</h2>
                  {g.entries.map((e) => <OperationCard key={e.id} d={d} e={e} />)}
                </div>
              ))}
            </div>
          </div>
        );
      }}</Load>
    </Page>
  );
}

function Basics(): ReactNode {
  const t = referenceWords();
  const sample = curl({ origin: location.origin, method: "GET", path: "/open/v1/versions", query: "limit=20", body: null, type: "" });
  const lines = [["Minimart-HMAC-SHA256", t.line1], ["GET", t.line2], ["/open/v1/versions", t.line3], ["limit=20", t.line4], ["1750204800", t.line5], ["9Jx2mZ0pQvK4sT7uY1wBcg", t.line6], ["key_01JZ…", t.line7], ["e3b0c44298fc1c14…7852b855", t.line8]];
  return (
    <Section>
      <div className="stack prose">
        <h2 id="start">{t.start}</h2><p>{t.startText}</p>
        <h2 id="signing">{t.signing}</h2><p>{t.signingText}</p>
        <pre className="block" tabIndex={0}>{"Authorization: Minimart-HMAC-SHA256 key=KEY, timestamp=TIME, nonce=NONCE, body=HASH, signature=SIGNATURE"}</pre>
        <p>{t.signingLines}</p>
        <div className="scroll-x"><table className="matrix lines"><tbody>{lines.map(([code, what], i) => <tr key={code}><td className="faint">{i + 1}</td><th scope="row"><code>{code}</code></th><td>{what}</td></tr>)}</tbody></table></div>
        <Script text={sample} />
        <h2 id="problems">{t.problems}</h2><p>{t.problemsText}</p><p><b>{t.pages}.</b> {t.pagesText}</p><p><b>{t.idempotency}.</b> {t.idempotencyText}</p><p><b>{t.quotas}.</b> {t.quotasText}</p>
        <h2 id="webhooks">{t.webhooks}</h2><p>{t.webhooksText}</p>
      </div>
    </Section>
  );
}

function Script({ text }: { text: string }): ReactNode {
  return <div className="script"><pre className="block" tabIndex={0}>{text}</pre><CopyButton text={text} /></div>;
}

function OperationCard({ d, e }: { d: Document; e: Entry }): ReactNode {
  const t = referenceWords();
  const o = e.operation;
  const parameters = (o.parameters ?? []).map((p) => follow<Parameter>(d, p)).filter((p): p is Parameter => !!p);
  const body = media(o.requestBody?.content);
  const scopes = scopesOf(o);
  const sent = body?.type.includes("json") ? JSON.stringify(body.example ?? example(d, body.schema)) : null;
  const query = parameters.filter((p) => p.in === "query" && (p.required || p.example !== undefined)).map((p) => `${encodeURIComponent(p.name)}=${encodeURIComponent(String(p.example ?? example(d, p.schema)))}`).sort().join("&");
  const path = e.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const p = parameters.find((x) => x.in === "path" && x.name === name);
    const made = p ? p.example ?? example(d, p.schema) : name;
    return encodeURIComponent(String(made === "string" ? name.toUpperCase() : made));
  });
  return (
    <section className="section" id={e.id} aria-labelledby={e.id + "-h"}>
      <div className="section-body stack">
        <div>
          <h3 id={e.id + "-h"} className="operation"><span className={"method " + e.method.toLowerCase()}>{e.method}</span><code className="wrap">{e.path}</code></h3>
          <p style={{ marginTop: 6 }}><b style={{ fontWeight: 600 }}>{o.summary}</b>{o.deprecated ? <span className="chip warn"> {t.deprecated}</span> : null}</p>
          {o.description ? <p className="faint pre">{o.description}</p> : null}
          {scopes.length ? <p className="row" style={{ marginTop: 6 }}><span className="faint">{t.scopes}</span>{scopes.map((s) => <span className="chip mono" key={s}>{s}</span>)}</p> : null}
        </div>
        {parameters.length ? <div><h4>{t.parameters}</h4><ul className="fields">{parameters.map((p) => <Row key={p.in + p.name} d={d} name={p.name} kind={p.in} required={p.required === true} schema={p.schema} text={p.description} depth={9} />)}</ul></div> : null}
        {body ? <div><h4>{t.body} <span className="chip mono">{body.type}</span></h4><Fields d={d} schema={body.schema} /></div> : null}
        <div><h4>{t.answers}</h4>
          <div className="stack" style={{ gap: 8 }}>{Object.entries(o.responses ?? {}).map(([status, part]) => <AnswerView key={status} d={d} status={status} of={follow<Answer>(d, part)} />)}</div>
        </div>
        <details><summary>{t.curl}</summary><Script text={curl({ origin: location.origin, method: e.method, path, query, body: sent, type: body?.type ?? "" })} /></details>
      </div>
    </section>
  );
}

function AnswerView({ d, status, of }: { d: Document; status: string; of: Answer | undefined }): ReactNode {
  const t = referenceWords();
  const content = media(of?.content);
  const headers = Object.entries(of?.headers ?? {});
  const good = status.startsWith("2");
  const head = <><span className={good ? "chip mono good" : "chip mono"}>{status}</span> <span className="faint">{of?.description}</span></>;
  if (!content?.schema && headers.length === 0) return <div>{head}</div>;
  return (
    <details open={good}>
      <summary>{head}</summary>
      <div className="stack" style={{ marginTop: 8 }}>
        {headers.length ? <div><h4>{t.headers}</h4><ul className="fields">{headers.map(([name, h]) => <Row key={name} d={d} name={name} kind="" required={false} schema={h.schema} text={h.description} depth={9} />)}</ul></div> : null}
        {content?.schema ? <><Fields d={d} schema={content.schema} />{good && content.type.includes("json") ? <details><summary>{t.example}</summary><pre className="block" tabIndex={0}>{JSON.stringify(content.example ?? example(d, content.schema), null, 2)}</pre></details> : null}</> : null}
      </div>
    </details>
  );
}

/** The fields of an object, with those of objects in it below. */
function Fields({ d, schema, depth = 0 }: { d: Document; schema: Schema | undefined; depth?: number }): ReactNode {
  const s = follow<Schema>(d, schema);
  if (!s) return null;
  const inner = s.properties ? s : follow<Schema>(d, s.items) ?? (typeof s.additionalProperties === "object" ? follow<Schema>(d, s.additionalProperties) : undefined);
  const properties = Object.entries(inner?.properties ?? {}).filter(([name]) => name !== "$schema");
  if (properties.length === 0) return depth === 0 ? <p className="mono faint">{typeName(d, s)}{s.description ? ` — ${s.description}` : ""}</p> : null;
  return <ul className="fields">{properties.map(([name, part]) => <Row key={name} d={d} name={name} kind="" required={inner?.required?.includes(name) === true} schema={part} text={undefined} depth={depth} />)}</ul>;
}

function Row({ d, name, kind, required, schema, text, depth }: { d: Document; name: string; kind: string; required: boolean; schema: Schema | undefined; text: string | undefined; depth: number }): ReactNode {
  const t = referenceWords();
  const s = follow<Schema>(d, schema);
  return (
    <li>
      <div><code className="field">{name}</code> <span className="faint small mono">{typeName(d, schema)}</span>{kind && kind !== "query" ? <span className="chip">{kind}</span> : null}{required && kind !== "path" ? <span className="faint small"> {t.required}</span> : null}</div>
      {text || s?.description ? <div className="faint small">{text || s?.description}</div> : null}
      {s && limits(s).length ? <div className="faint small mono wrap">{limits(s).join(" · ")}</div> : null}
      {depth < 4 ? <Fields d={d} schema={schema} depth={depth + 1} /> : null}
    </li>
  );
}

