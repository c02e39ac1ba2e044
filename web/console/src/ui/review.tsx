// What review found and said: for the developer and for the reviewer alike.
import type { ReactNode } from "react";
import type { Finding, Findings, Reason, ReviewState, Severity } from "../api/review";
import { either } from "../words/lang";
import { reviewWords } from "../words/review";
import { Icon } from "./icons";
import { Status, type Tone } from "./parts";

export const place = (p: { file?: string; line?: number }): string => (p.file ? p.file + (p.line ? ":" + p.line : "") : "");

export function severityName(s: Severity): { name: string; tone: Tone } {
  const t = reviewWords();
  return { high: { name: t.high, tone: "bad" as const }, medium: { name: t.medium, tone: "wait" as const }, low: { name: t.low, tone: "idle" as const } }[s] ?? { name: s, tone: "idle" };
}

export function reviewState(s: ReviewState): { name: string; tone: Tone } {
  const t = reviewWords();
  return ({ pending: { name: t.pending, tone: "wait" }, approved: { name: t.approved, tone: "good" }, rejected: { name: t.rejected, tone: "bad" }, withdrawn: { name: t.withdrawn, tone: "idle" } } as const)[s] ?? { name: s, tone: "idle" };
}

export function Reasons({ of }: { of: Reason[] }): ReactNode {
  return <ol className="stack" style={{ gap: 10 }}>{of.map((r, i) => <li key={i}>{r.file ? <code className="chip mono">{place(r)}</code> : null}<p className="pre">{r.text}</p></li>)}</ol>;
}

/** The list of findings, the grave ones first. beside draws what can be done with one. */
export function FindingList({ of, beside, open }: { of: Findings; beside?: (f: Finding) => ReactNode; open?: (path: string) => void }): ReactNode {
  const t = reviewWords();
  const order: Severity[] = ["high", "medium", "low"];
  const items = [...of.items].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const more = Object.values(of.more ?? {}).reduce((a, b) => a + b, 0);
  if (items.length === 0) return <p className="section-body faint"><Icon name="done" /> {t.noFindings}</p>;
  return (
    <div>
      {items.map((f, i) => (
        <div className="finding" key={i} data-code={f.code}>
          <Status tone={severityName(f.severity).tone}>{severityName(f.severity).name}</Status>
          <div className="grow wrap">
            <div>{either(f.message)} {f.sure ? null : <span className="chip">{t.unsure}</span>}</div>
            {f.quote ? <div><code className="wrap">{f.quote}</code></div> : null}
            <div className="faint small">{either(f.way)}</div>
            <div className="small">
              {f.file ? (open ? <button type="button" className="mono" style={{ color: "var(--link)" }} onClick={() => open(f.file)}>{place(f)}</button> : <code>{place(f)}</code>) : <span className="faint">{t.wholeProgram}</span>}
              {f.also?.length ? <span className="faint"> · {t.also(f.also.length)}</span> : null}
              {f.rule ? <span className="faint"> · {f.rule}</span> : null}
            </div>
          </div>
          {beside ? beside(f) : <span />}
        </div>
      ))}
      {more > 0 ? <p className="section-body faint">{t.more(more)}</p> : null}
    </div>
  );
}
