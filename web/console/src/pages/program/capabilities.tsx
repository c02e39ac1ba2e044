// The capability centre of a program: what there is, how the program stands with it, applying.
import { Button, Drawer, Form, Input } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/capability";
import { FormDialog, useAct, useConfirm } from "../../ui/form";
import { day, moment, number } from "../../ui/format";
import { Load, useLoad } from "../../ui/load";
import { Facts, Note, Nothing, Status, When, type Tone } from "../../ui/parts";
import { commonWords } from "../../words/common";
import { either, lang } from "../../words/lang";
import { useNames } from "../../ui/known";
import { capabilityWords } from "../../words/capability";
import { Link } from "../../router";
import { useProgram } from "./area";

export function standing(s: api.Standing): { name: string; tone: Tone } {
  const t = capabilityWords();
  if (s.granted) return { name: t.granted, tone: "good" };
  if (s.application?.state === "applied") return { name: t.applied, tone: "wait" };
  if (s.grant?.state === "scheduled") return { name: t.scheduled, tone: "busy" };
  if (s.grant?.state === "revoked" && s.application?.state === "approved") return { name: t.revoked, tone: "bad" };
  if (s.grant?.state === "expired" && s.application?.state === "approved") return { name: t.expired, tone: "bad" };
  if (s.application?.state === "rejected") return { name: t.rejected, tone: "bad" };
  if (s.capability.stage === "announced") return { name: t.announced, tone: "idle" };
  return { name: s.mayApply ? t.available : { open: t.admissionOpen, "closed-beta": t.admissionBeta, special: t.admissionSpecial }[s.capability.admission], tone: "idle" };
}

export function admissionName(c: api.Capability): string {
  const t = capabilityWords();
  return { open: t.admissionOpen, "closed-beta": t.admissionBeta, special: t.admissionSpecial }[c.admission];
}

export function limitWords(l: api.Limits): string[] {
  const t = capabilityWords();
  const all = [...Object.entries(l.callsPerDay).map(([scope, n]) => t.callsPerDay(scope, number(n))), ...(l.consumersPerDay ? [t.consumersPerDay(number(l.consumersPerDay))] : [])];
  return all.length ? all : [t.noLimit];
}

export function Capabilities(): ReactNode {
  const t = capabilityWords();
  const { app, may } = useProgram();
  const loaded = useLoad(app.id, (signal) => api.standings(app.id, signal));
  const [opened, open] = useState("");
  const [applying, setApplying] = useState<api.Standing | null>(null);
  const shown = loaded.data?.items.find((s) => s.capability.name === opened) ?? null;
  return (
    <>
      <p className="faint">{t.lead}</p>
      <Load of={loaded}>{(page) => (page.items.length === 0 ? <Nothing title={t.empty} /> : (
        <ul className="tiles">
          {inOrder(page.items).map((s) => {
            const is = standing(s);
            return (
              <li key={s.capability.name} className="tile" data-capability={s.capability.name}>
                <div className="spread" style={{ flexWrap: "nowrap", alignItems: "flex-start" }}><h3>{either(s.capability.title)}</h3><Status tone={is.tone}>{is.name}</Status></div>
                <p>{either(s.capability.summary)}</p>
                <Lately s={s} />
                <div className="foot">
                  {s.mayApply && may("capability.apply") && !s.granted ? <Button size="small" onClick={() => setApplying(s)} aria-label={`${applyWord(s)} ${either(s.capability.title)}`}>{applyWord(s)}</Button> : null}
                  <Button size="small" type="text" onClick={() => open(s.capability.name)} aria-label={`${t.details} ${either(s.capability.title)}`}>{t.details}</Button>
                  {s.capability.admission !== "open" ? <span className="chip">{admissionName(s.capability)}</span> : null}
                </div>
              </li>
            );
          })}
        </ul>
      ))}</Load>
      <Drawer open={shown !== null} onClose={() => open("")} size={Math.min(520, innerWidth)} title={shown ? either(shown.capability.title) : ""}>
        {shown ? <Detail s={shown} changed={loaded.reload} apply={() => setApplying(shown)} /> : null}
      </Drawer>
      <FormDialog<{ answers: Record<string, string> }> name="application" open={applying !== null} title={applying ? t.applyTitle(either(applying.capability.title)) : ""} lead={t.applyLead} close={() => setApplying(null)} label={t.apply} initial={{ answers: applying?.application?.state === "applied" ? {} : applying?.application?.answers ?? {} }} submit={async (v) => {
        await api.apply(app.id, applying!.capability.name, Object.fromEntries(Object.entries(v.answers ?? {}).filter(([, x]) => x)));
        await loaded.reload();
      }}>
        {(applying?.capability.form ?? []).map((q) => (
          <Form.Item key={q.key} name={["answers", q.key]} label={either(q.words)} rules={q.required ? [{ required: true, whitespace: true, message: commonWords().required }] : []}>
            {q.max > 120 ? <Input.TextArea maxLength={q.max} autoSize={{ minRows: 3, maxRows: 10 }} showCount /> : <Input maxLength={q.max} />}
          </Form.Item>
        ))}
        {applying && applying.capability.form.length === 0 ? <p className="dialog-lead">{either(applying.capability.opens)}</p> : null}
      </FormDialog>
    </>
  );
}

const applyWord = (s: api.Standing): string => (s.application && s.application.state !== "withdrawn" ? capabilityWords().applyAgain : capabilityWords().apply);

const validity = (g: api.OwnGrant): string => {
  const t = capabilityWords();
  return [g.from ? t.from(day(g.from)) : "", g.until ? t.until(day(g.until)) : t.forever].filter(Boolean).join(" · ");
};

/** What a program must know of a capability at a glance: until when and how much, or why it was taken away. */
function Lately({ s }: { s: api.Standing }): ReactNode {
  const t = capabilityWords();
  const g = s.grant, a = s.application;
  if (g && (s.granted || g.state === "scheduled")) return <p className="lately">{validity(g)}<br />{limitWords(g.limits).join(lang() === "zh" ? "；" : "; ")}</p>;
  if (a?.state === "applied") return <p className="lately">{t.appliedAt} <When at={a.appliedAt} /></p>;
  const why = a?.state === "rejected" ? a.reason : g?.state === "revoked" ? g.reason : "";
  return why ? <p className="lately bad">{why}</p> : null;
}

/** What concerns the program first, what nobody can have yet last. */
function inOrder(all: api.Standing[]): api.Standing[] {
  const rank = (s: api.Standing): number => (s.granted ? 0 : s.application?.state === "applied" ? 1 : s.grant || s.application ? 2 : s.mayApply ? 3 : s.capability.stage === "announced" ? 5 : 4);
  return [...all].sort((a, b) => rank(a) - rank(b));
}

/** What a capability opens, in lists of names. */
export function Opens({ c }: { c: api.Capability }): ReactNode {
  const t = capabilityWords();
  const names = (list: string[], prefix = ""): ReactNode => (list.length ? <span className="chips">{list.map((n) => <span className="chip mono" key={n}>{prefix + n}</span>)}</span> : null);
  return (
    <Facts of={[[t.opens, either(c.opens)], ...(c.apis.length ? [[t.apis, names(c.apis, "jd.")] as [string, ReactNode]] : []), ...(c.components.length ? [[t.components, names(c.components)] as [string, ReactNode]] : []),
      ...(c.scopes.length ? [[t.scopes, names(c.scopes)] as [string, ReactNode]] : []), [t.quota, limitWords(c.quota).join(lang() === "zh" ? "；" : "; ")]]} />
  );
}

function Detail({ s, changed, apply }: { s: api.Standing; changed: () => Promise<void>; apply: () => void }): ReactNode {
  const t = capabilityWords();
  const { app, org, may, path } = useProgram();
  const names = useNames(org);
  const { act, busy } = useAct();
  const confirm = useConfirm();
  const c = s.capability;
  const is = standing(s);
  const a = s.application, g = s.grant;
  const obstacle = { "": "", announced: t.announcedHint, "not-invited": t.notInvited, "not-verified": t.notVerified, applied: "" }[s.obstacle];
  return (
    <div className="stack">
      <div className="spread"><Status tone={is.tone}>{is.name}</Status><span className="chip">{admissionName(c)}</span></div>
      <p>{either(c.summary)}</p>
      {g?.state === "revoked" && !s.granted && a?.state !== "applied" ? <Note tone="bad" title={t.revokedAt(moment(g.revokedAt))}>{g.reason ? <p className="pre">{g.reason}</p> : null}</Note> : null}
      {a?.state === "rejected" ? <Note tone="bad" title={t.rejected}>{a.reason ? <p className="pre">{a.reason}</p> : null}</Note> : null}
      {obstacle ? <Note>{obstacle}</Note> : null}
      {c.privacy && !app.privacy[c.privacy] ? <Note tone="warn"><Link to={path("/settings")}>{t.privacyNeeded(names.privacy(c.privacy))}</Link></Note> : null}
      {s.mayApply && may("capability.apply") && !s.granted ? <div><Button type="primary" onClick={apply}>{applyWord(s)}</Button></div> : null}
      {g && g.state !== "revoked" ? <section><h3>{t.grant}</h3><Facts of={[[t.validity, validity(g)], [t.limits, limitWords(g.limits).join(lang() === "zh" ? "；" : "; ")]]} /></section> : null}
      <section><h3>{t.capability}</h3><Opens c={c} /></section>
      {a ? (
        <section className="stack">
          <div className="spread"><h3>{t.yours}</h3>{a.state === "applied" && may("capability.apply") ? <Button size="small" loading={busy} onClick={() => confirm({ title: t.withdrawTitle, label: t.withdrawApplication, danger: false, act: () => act(async () => {
            await api.withdraw(app.id, c.name);
            await changed();
          }, t.withdrawDone) })}>{t.withdrawApplication}</Button> : null}</div>
          <Facts of={[[t.appliedAt, <When at={a.appliedAt} />], [t.decidedAt, <When at={a.decidedAt} />], ...(a.reason ? [[t.reason, <span className="pre">{a.reason}</span>] as [string, ReactNode]] : []),
            ...Object.entries(a.answers ?? {}).map(([key, text]) => [either(c.form.find((q) => q.key === key)?.words ?? { zh: key, en: key }), <span className="pre">{text}</span>] as [string, ReactNode])]} />
        </section>
      ) : null}
    </div>
  );
}
