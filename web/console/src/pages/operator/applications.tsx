// Applications for capabilities, and deciding one.
import { Button, Checkbox, Form, Input, InputNumber } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/capability";
import { Link, at } from "../../router";
import { useOperatorMay } from "../../shell/session";
import { DataTable } from "../../table/table";
import { FormDialog, needed } from "../../ui/form";
import { endOfDay, iso, number, startOfDay } from "../../ui/format";
import { Load, useLoad } from "../../ui/load";
import { Facts, Note, Page, Section, Status, When, type Tone } from "../../ui/parts";
import { capabilityWords } from "../../words/capability";
import { commonWords } from "../../words/common";
import { either } from "../../words/lang";
import { Opens } from "../program/capabilities";

export function applicationState(s: api.ApplicationState): { name: string; tone: Tone } {
  const t = capabilityWords();
  return ({ applied: { name: t.applied, tone: "wait" }, approved: { name: t.approved, tone: "good" }, rejected: { name: t.rejected, tone: "bad" }, withdrawn: { name: t.withdrawn, tone: "idle" } } as const)[s] ?? { name: s, tone: "idle" };
}

/** Names of capabilities for filters and tables. */
export function useCapabilityNames(): { name: (id: string) => string; options: { value: string; label: string }[] } {
  const loaded = useLoad("catalogue", (signal) => api.catalogue(signal));
  const items = loaded.data?.items ?? [];
  return { name: (id) => { const c = items.find((i) => i.capability.name === id); return c ? either(c.capability.title) : id; }, options: items.map((i) => ({ value: i.capability.name, label: either(i.capability.title) })) };
}

export function Applications(): ReactNode {
  const t = capabilityWords();
  const names = useCapabilityNames();
  return (
    <Page title={t.applications} lead={t.applicationsLead}>
      <Section flush>
        <DataTable<api.Application> id="applications" addressed row={(a) => a.id} to={(a) => at("/operator/applications/:application", { application: a.id })}
          filters={[{ key: "state", label: commonWords().state, options: (["applied", "approved", "rejected", "withdrawn"] as const).map((value) => ({ value, label: applicationState(value).name })) }, { key: "capability", label: t.capability, options: names.options }]}
          load={(a) => api.applications({ cursor: a.cursor, state: a.state ?? "", capability: a.capability ?? "" })} empty={{ title: t.noApplications, hint: t.noApplicationsHint }}
          columns={[
            { key: "capability", title: t.capability, value: (a) => names.name(a.capability), cell: (a) => <>{names.name(a.capability)}</> },
            { key: "app", title: t.app, value: (a) => a.appName || a.app },
            { key: "org", title: t.organisation, value: (a) => a.organisationName || a.organisation },
            { key: "state", title: commonWords().state, value: (a) => applicationState(a.state).name, cell: (a) => <span className="row" style={{ gap: 8 }}><Status tone={applicationState(a.state).tone}>{applicationState(a.state).name}</Status>{a.special ? <span className="chip warn">{t.special}</span> : null}</span> },
            { key: "applied", title: t.appliedAt, value: (a) => a.appliedAt, cell: (a) => <When at={a.appliedAt} />, file: (a) => iso(a.appliedAt), tight: true },
            { key: "decided", title: t.decidedAt, value: (a) => a.decidedAt, cell: (a) => <When at={a.decidedAt} />, file: (a) => iso(a.decidedAt), tight: true, hidden: true },
          ]} />
      </Section>
    </Page>
  );
}

type Approval = { reason?: string; from?: string; until?: string; consumers?: number | null; calls?: Record<string, number | null>; special?: boolean };

export function ApplicationPage({ id }: { id: string }): ReactNode {
  const t = capabilityWords();
  const c = commonWords();
  const may = useOperatorMay();
  const loaded = useLoad(id, (signal) => api.application(id, signal));
  const [dialog, setDialog] = useState<"approve" | "reject" | "">("");
  const up = { to: "/operator/applications", name: t.applications };
  if (loaded.data === undefined) return <Page title={t.applications} up={up}><Load of={loaded}>{() => null}</Load></Page>;
  const { application: a, capability, answers } = loaded.data;
  const is = applicationState(a.state);
  const open = a.state === "applied" && may("capability.review");
  const usual = (n: number | undefined): string => t.defaultIs(n ? number(n) : t.noLimit);
  return (
    <Page title={`${either(capability.title)} · ${a.appName || a.app}`} up={up} lead={<Status tone={is.tone}>{is.name}</Status>} actions={open ? <><Button danger onClick={() => setDialog("reject")}>{t.reject}</Button><Button type="primary" onClick={() => setDialog("approve")}>{t.approve}</Button></> : null}>
      {a.special && a.state === "applied" ? <Note tone="warn" title={t.special} /> : null}
      {a.reason ? <Note tone={a.state === "rejected" ? "bad" : "info"} title={t.reason}><p className="pre">{a.reason}</p></Note> : null}
      <div className="grid-2">
        <Section title={t.answers}>
          {answers.length ? <div className="stack">{answers.map((q) => <div key={q.key}><div className="faint">{either(q.words)}</div><div className="pre">{q.answer}</div></div>)}</div> : <p className="faint">{c.none}</p>}
        </Section>
        <Section title={t.app}>
          <Facts of={[[t.app, <Link to={at("/operator/programs/:app", { app: a.app })}>{a.appName || a.app}</Link>], [t.organisation, <Link to={at("/operator/organisations/:org", { org: a.organisation })}>{a.organisationName || a.organisation}</Link>], [t.appliedAt, <When at={a.appliedAt} />], [t.decidedAt, <When at={a.decidedAt} />]]} />
        </Section>
      </div>
      <Section title={either(capability.title)} lead={either(capability.summary)}><Opens c={capability} /></Section>
      <FormDialog<Approval> name="approval" open={dialog === "approve"} title={t.approve} close={() => setDialog("")} label={t.approve} width={560} submit={async (v) => {
        const calls = Object.fromEntries(Object.entries(v.calls ?? {}).filter(([, n]) => n !== null && n !== undefined)) as Record<string, number>;
        await api.decide(id, {
          verdict: "approved", ...(v.reason?.trim() ? { reason: v.reason.trim() } : {}), ...(startOfDay(v.from) > Date.now() ? { from: startOfDay(v.from) } : {}), ...(v.until ? { until: endOfDay(v.until) } : {}), ...(v.special ? { confirmSpecial: true } : {}),
          limits: { ...(Object.keys(calls).length ? { callsPerDay: calls } : {}), ...(v.consumers !== null && v.consumers !== undefined ? { consumersPerDay: v.consumers } : {}) },
        });
        await loaded.reload();
      }}>
        {capability.scopes.map((s) => <Form.Item key={s} name={["calls", s]} label={t.callsLimit(s)} extra={`${usual(capability.quota.callsPerDay[s])} · ${t.limitsHint}`}><InputNumber min={-1} precision={0} style={{ width: 200 }} /></Form.Item>)}
        <Form.Item name="consumers" label={t.consumersLimit} extra={`${usual(capability.quota.consumersPerDay)} · ${t.limitsHint}`}><InputNumber min={-1} precision={0} style={{ width: 200 }} /></Form.Item>
        <div className="row"><Form.Item name="from" label={t.startDate} extra={t.startHint}><Input type="date" /></Form.Item><Form.Item name="until" label={t.endDate} extra={t.endHint}><Input type="date" /></Form.Item></div>
        <Form.Item name="reason" label={t.reasonForMerchant}><Input.TextArea rows={2} maxLength={500} /></Form.Item>
        {a.special ? <Form.Item name="special" valuePropName="checked" rules={[{ required: true, message: c.required, transform: (x) => x || undefined }]}><Checkbox>{t.confirmSpecial}</Checkbox></Form.Item> : null}
      </FormDialog>
      <FormDialog<{ reason: string }> name="rejection" open={dialog === "reject"} title={t.reject} lead={t.reasonNeeded} close={() => setDialog("")} label={t.reject} danger submit={async (v) => {
        await api.decide(id, { verdict: "rejected", reason: v.reason });
        await loaded.reload();
      }}><Form.Item name="reason" label={t.reasonForMerchant} rules={needed()}><Input.TextArea rows={4} maxLength={500} showCount /></Form.Item></FormDialog>
    </Page>
  );
}
