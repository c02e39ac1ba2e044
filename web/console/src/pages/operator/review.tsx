// Reviewing a version: what was found, what is new against the released one, trying it, deciding.
import { Button, Drawer, Input, InputNumber, Select } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/review";
import { at } from "../../router";
import { useOperatorMay } from "../../shell/session";
import { useAct, useConfirm } from "../../ui/form";
import { bytes, moment } from "../../ui/format";
import { Icon } from "../../ui/icons";
import { Load, useLoad } from "../../ui/load";
import { versionName } from "../../ui/names";
import { Facts, Note, Page, Section, Status, When } from "../../ui/parts";
import { FindingList, Reasons, place, reviewState } from "../../ui/review";
import { commonWords } from "../../words/common";
import { either } from "../../words/lang";
import { programWords } from "../../words/program";
import { reviewWords } from "../../words/review";
import { Named } from "../../ui/entries";
import { useNames } from "../../ui/known";
import { Preview } from "./preview";
import { Patch } from "./patch";

type Draft = { id: number; file: string; line: number | null; text: string; from?: api.Finding };

export function ReviewPage({ id }: { id: string }): ReactNode {
  const t = reviewWords();
  const may = useOperatorMay();
  const names = useNames("");
  const loaded = useLoad(id, (signal) => api.review(id, signal));
  const [drafts, setDrafts] = useState<Draft[]>([]);
  const [previewing, setPreviewing] = useState(false);
  const [file, setFile] = useState("");
  const up = { to: "/operator/reviews", name: t.queue };
  if (loaded.data === undefined) return <Page title={t.queue} up={up}><Load of={loaded} rows={10}>{() => null}</Load></Page>;
  const full = loaded.data;
  const r = full.review;
  const open = r.state === "pending" && may("version.review");
  const is = reviewState(r.state);
  const cite = (f: api.Finding): void => setDrafts((d) => (d.some((x) => x.from === f) ? d : [...d, { id: Date.now() + d.length, file: f.file, line: f.line || null, text: `${either(f.message)}${f.quote ? `\n${f.quote}` : ""}`.slice(0, 500), from: f }]));
  return (
    <Page title={`${r.appName} ${versionName(r)}`} up={up} lead={<span className="row"><Status tone={is.tone}>{is.name}</Status><span><When at={r.submittedAt} /></span>{r.round > 1 ? <span className="chip">{t.round} {r.round}</span> : null}</span>}
      actions={may("version.review") ? <Button icon={<Icon name="device" />} onClick={() => setPreviewing(!previewing)} aria-expanded={previewing}>{previewing ? t.closePreview : t.openPreview}</Button> : null}>
      {full.suspended ? <Note tone="warn">{t.suspended}</Note> : null}
      {full.changed ? <Note tone="warn">{t.changedSince}</Note> : null}
      <div className={previewing ? "grid-side review-with-preview" : "stack"}>
        <div className="stack">
          <Section title={t.version}>
            <Facts of={[
              [t.app, <Named name={r.appName} id={r.app} to={at("/operator/programs/:app", { app: r.app })} />], [t.organisation, <Named name={names.of(r.organisation)} id={r.organisation} to={at("/operator/organisations/:org", { org: r.organisation })} />],
              [t.note, r.note ? <span className="pre">{r.note}</span> : ""], [t.packages, bytes(full.version.bytes)], [programWords().notes, full.version.notes ? <span className="pre">{full.version.notes}</span> : ""],
            ]} />
          </Section>
          <Section title={t.findings} lead={open ? t.findingsLead : undefined} flush>
            <FindingList of={full.findings} open={setFile} {...(open ? { beside: (f: api.Finding) => (drafts.some((d) => d.from === f) ? <span className="faint small"><Icon name="done" size={14} /> {t.cited}</span> : <Button size="small" onClick={() => cite(f)}>{t.cite}</Button>) } : {})} />
          </Section>
          <DiffSection d={full.diff} open={setFile} />
          <Section title={`${t.statements} · ${t.domains}`}>
            <Facts of={[...(Object.keys(full.statements).length ? Object.entries(full.statements).map(([k, text]) => [names.privacy(k), text] as [string, ReactNode]) : [[t.statements, t.none] as [string, ReactNode]]), [t.domains, [...(full.domains.request ?? []), ...(full.domains.media ?? [])].length ? <span className="chips">{[...(full.domains.request ?? []), ...(full.domains.media ?? [])].map((x) => <span className="chip mono" key={x}>{x}</span>)}</span> : ""]]} />
          </Section>
          {r.state !== "pending" && r.state !== "withdrawn" ? <Section title={t.decision} lead={t.decided(moment(r.endedAt))}>{r.reasons?.length ? <Reasons of={r.reasons} /> : <Status tone={is.tone}>{is.name}</Status>}</Section> : null}
          {open ? <Decide full={full} drafts={drafts} setDrafts={setDrafts} done={loaded.reload} /> : null}
        </div>
        {previewing ? <div className="review-preview"><Section title={t.preview}><Preview app={r.app} version={r.version} /></Section></div> : null}
      </div>
      <Drawer open={file !== ""} onClose={() => setFile("")} size={Math.min(860, innerWidth)} title={file} destroyOnHidden>{file ? <FileView review={id} path={file} /> : null}</Drawer>
    </Page>
  );
}

function FileView({ review, path }: { review: string; path: string }): ReactNode {
  const t = reviewWords();
  const loaded = useLoad(path, (signal) => api.file(review, path, signal));
  return (
    <Load of={loaded}>{(f) => (
      <div className="stack">
        <p className="faint">{bytes(f.bytes)}{f.cut ? ` · ${t.fileCut}` : ""}</p>
        {f.delivered ? <img src={"/p/" + f.delivered} alt={f.path} style={{ maxWidth: "100%", border: "1px solid var(--line)", borderRadius: 9 }} /> : null}
        {f.text ? <pre className="block numbered" style={{ maxHeight: "none" }} tabIndex={0}>{f.text.split("\n").map((line, i) => <span key={i}><i>{i + 1}</i>{line}{"\n"}</span>)}</pre> : f.delivered ? null : <p>{t.noText}</p>}
      </div>
    )}</Load>
  );
}

function DiffSection({ d, open }: { d: api.Diff; open: (path: string) => void }): ReactNode {
  const t = reviewWords();
  const kinds = useNames("");
  const names = (n: api.Names): ReactNode => (n.added.length + n.removed.length ? <span className="chips">{n.added.map((x) => <span className="chip mono good" key={"+" + x}>+ {x}</span>)}{n.removed.map((x) => <span className="chip mono bad" key={"-" + x}>− {x}</span>)}</span> : <span className="faint">{t.nothingChanged}</span>);
  const uses = (u: api.Diff["apis"]): ReactNode => (u.added.length + u.removed.length ? (
    <span className="chips">{u.added.map((x) => <button type="button" className="chip mono good" key={"+" + x.name} title={place(x.place)} onClick={() => x.place.file && open(x.place.file)}>+ {x.name}{x.sure ? "" : " ?"}</button>)}{u.removed.map((x) => <span className="chip mono bad" key={"-" + x.name}>− {x.name}</span>)}</span>
  ) : <span className="faint">{t.nothingChanged}</span>);
  return (
    <Section title={t.diff} lead={d.against ? (d.missing ? t.missing : t.against(versionName(d.against))) : t.first}>
      <div className="stack" style={{ gap: 20 }}>
        <Facts of={[
          [t.pages, names(d.pages)], [t.apis, uses(d.apis)], [t.request, names(d.request)], [t.media, names(d.media)], [t.hosts, names(d.hosts)],
          [t.packages, <span className="chips">{d.packages.map((p) => <span className="chip" key={p.root}>{p.root || t.mainPackage}: {p.before ? `${bytes(p.before)} → ` : ""}{p.after ? bytes(p.after) : t.removed}</span>)}</span>],
          ...(d.privacy.length ? [[t.privacy, <ul className="stack" style={{ gap: 6 }}>{d.privacy.map((p) => <li key={p.kind}><b style={{ fontWeight: 550 }}>{kinds.privacy(p.kind)}</b>{p.before ? <del className="faint"> {p.before}</del> : null} {p.after}</li>)}</ul>] as [string, ReactNode]] : []),
        ]} />
        {d.images.length ? (
          <div><h3>{t.images}</h3><ul className="images">{d.images.map((i) => (
            <li key={i.path}>
              <div className="pair">{i.before ? <figure><img src={"/p/" + i.before} alt={`${t.beforeLabel}: ${i.path}`} loading="lazy" /><figcaption>{t.beforeLabel} · {bytes(i.bytesBefore)}</figcaption></figure> : null}{i.after ? <figure><img src={"/p/" + i.after} alt={`${t.afterLabel}: ${i.path}`} loading="lazy" /><figcaption>{i.before ? t.afterLabel : t.added} · {bytes(i.bytesAfter)}</figcaption></figure> : <span className="chip bad">{t.removed}</span>}</div>
              <code className="wrap small">{i.path}</code>
            </li>
          ))}</ul></div>
        ) : null}
        <Texts title={t.texts} items={d.texts.added} more={d.texts.moreAdded} open={open} />
        <Texts title={t.textsRemoved} items={d.texts.removed} more={d.texts.moreRemoved} />
        {d.files.length ? (
          <div><h3>{t.files}</h3>
            {d.files.map((f) => <FileChange key={f.path} f={f} open={open} />)}
            {d.moreFiles ? <p className="faint small">{t.moreFiles(d.moreFiles)}</p> : null}
          </div>
        ) : null}
      </div>
    </Section>
  );
}

function Texts({ title, items, more, open }: { title: string; items: api.Said[]; more: number; open?: (path: string) => void }): ReactNode {
  const t = reviewWords();
  const [all, setAll] = useState(false);
  if (items.length === 0) return null;
  return (
    <div><h3>{title}</h3>
      <ul className="said">{(all ? items : items.slice(0, 30)).map((s, i) => <li key={i}><span className="pre">{s.text}</span>{open && s.place.file ? <button type="button" className="mono small" onClick={() => open(s.place.file)}>{place(s.place)}</button> : <code className="faint small">{place(s.place)}</code>}</li>)}</ul>
      {!all && items.length > 30 ? <Button size="small" type="text" onClick={() => setAll(true)}>{commonWords().more} ({items.length - 30})</Button> : null}
      {more ? <p className="faint small">{t.more(more)}</p> : null}
    </div>
  );
}

function FileChange({ f, open }: { f: api.Diff["files"][number]; open: (path: string) => void }): ReactNode {
  const t = reviewWords();
  const why = { lines: "", cut: t.shownCut, binary: t.shownBinary, minified: t.shownMinified, large: t.shownLarge, bounded: t.shownBounded, new: t.shownNew }[f.shown];
  const change = { added: t.added, removed: t.removed, changed: t.changed }[f.change];
  return (
    <details className="diff">
      <summary><code className="wrap">{f.path}</code><span className="faint small"> {change} · {f.bytesBefore ? bytes(f.bytesBefore) + " → " : ""}{bytes(f.bytesAfter)}{f.plus || f.minus ? ` · +${f.plus} −${f.minus}` : ""}{why ? ` · ${why}` : ""}</span></summary>
      {f.patch ? <Patch text={f.patch} /> : null}
      {f.change !== "removed" ? <div style={{ padding: "6px 12px" }}><Button size="small" onClick={() => open(f.path)}>{t.openFile}</Button></div> : null}
    </details>
  );
}

function Decide({ full, drafts, setDrafts, done }: { full: api.Full; drafts: Draft[]; setDrafts: (f: (d: Draft[]) => Draft[]) => void; done: () => Promise<void> }): ReactNode {
  const t = reviewWords();
  const { act, busy } = useAct();
  const confirm = useConfirm();
  const files = [...new Set([...full.diff.files.filter((f) => f.change !== "removed").map((f) => f.path), ...full.diff.images.filter((i) => i.after).map((i) => i.path), ...full.findings.items.map((f) => f.file).filter(Boolean)])].sort();
  const change = (id: number, c: Partial<Draft>): void => setDrafts((d) => d.map((x) => (x.id === id ? { ...x, ...c } : x)));
  const reasons = drafts.filter((d) => d.text.trim()).map((d): api.Reason => ({ ...(d.file ? { file: d.file } : {}), ...(d.file && d.line ? { line: d.line } : {}), text: d.text.trim() }));
  const decide = async (verdict: "approved" | "rejected"): Promise<void> => {
    await api.decide(full.review.id, { verdict, reasons });
    await done();
  };
  return (
    <Section title={t.decision} lead={t.decisionLead} id="decision">
      <div className="stack">
        {drafts.map((d, i) => (
          <fieldset key={d.id} className="reason">
            <legend className="sr">{t.reasons} {i + 1}</legend>
            <div className="row">
              <Select className="grow" aria-label={t.file} showSearch allowClear value={d.file || undefined} placeholder={`${t.file} · ${t.wholeProgram}`} onChange={(v) => change(d.id, { file: v ?? "" })} options={[...new Set([...files, ...(d.file ? [d.file] : [])])].map((value) => ({ value, label: value }))} />
              <InputNumber aria-label={t.line} placeholder={t.line} min={1} precision={0} style={{ width: 90 }} value={d.line} disabled={!d.file} onChange={(line) => change(d.id, { line })} />
              <Button type="text" aria-label={t.removeReason} icon={<Icon name="close" size={16} />} onClick={() => setDrafts((all) => all.filter((x) => x.id !== d.id))} />
            </div>
            <Input.TextArea aria-label={t.text} placeholder={t.text} value={d.text} maxLength={500} autoSize={{ minRows: 2, maxRows: 8 }} onChange={(e) => change(d.id, { text: e.target.value })} />
          </fieldset>
        ))}
        <div><Button icon={<Icon name="plus" />} onClick={() => setDrafts((d) => [...d, { id: Date.now() + d.length, file: "", line: null, text: "" }])}>{t.addReason}</Button></div>
        <div className="actions">
          <Button type="primary" loading={busy} onClick={() => confirm({ title: t.approveTitle, text: <>{t.approveText}{full.review.counts.high ? <p><b>{t.approveHigh(full.review.counts.high)}</b></p> : null}</>, label: t.approve, danger: false, act: () => decide("approved"), done: t.done })}>{t.approve}</Button>
          <Button danger loading={busy} disabled={reasons.length === 0} title={reasons.length === 0 ? t.needReason : undefined} onClick={() => void act(() => decide("rejected"), t.done)}>{t.reject}</Button>
          {reasons.length === 0 ? <span className="faint small">{t.needReason}</span> : null}
        </div>
      </div>
    </Section>
  );
}
