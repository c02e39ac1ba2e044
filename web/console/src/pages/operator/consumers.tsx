// Consumers: looking one up, shutting out, membership.
import { Button, Form, Input, InputNumber } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/operator";
import { at } from "../../router";
import { browserName } from "../../ui/names";
import { DataTable } from "../../table/table";
import { FormDialog, needed, useAct, useConfirm } from "../../ui/form";
import { day, iso } from "../../ui/format";
import { Load, useLoad } from "../../ui/load";
import { Code, Facts, Note, Page, Section, Status, When } from "../../ui/parts";
import { Named } from "../../ui/entries";
import { useNames } from "../../ui/known";
import { commonWords } from "../../words/common";
import { operatorWords } from "../../words/operator";

const stateOf = (s: api.Consumer["state"]): ReactNode => (s === "active" ? <Status tone="good">{operatorWords().active}</Status> : <Status tone="bad">{operatorWords().suspended}</Status>);

export function Consumers(): ReactNode {
  const t = operatorWords();
  const c = commonWords();
  return (
    <Page title={t.consumers} lead={t.consumersLead}>
      <Section flush>
        <DataTable<api.Consumer> id="consumers" row={(x) => x.id} to={(x) => at("/operator/consumers/:consumer", { consumer: x.id })} search={{ by: "server", hint: t.searchConsumers }} load={(a) => api.consumers({ cursor: a.cursor, query: a.query })} unasked={{ title: t.findConsumer, hint: t.findConsumerHint }} empty={{ title: t.noConsumers, hint: t.noConsumersHint }}
          columns={[
            { key: "name", title: t.nickname, value: (x) => x.nickname || x.id, cell: (x) => <>{x.nickname || <span className="mono">{x.id}</span>}</> },
            { key: "phone", title: t.phone, value: (x) => x.phone, tight: true },
            { key: "state", title: c.state, value: (x) => x.state, cell: (x) => stateOf(x.state), tight: true },
            { key: "id", title: "ID", value: (x) => x.id, cell: (x) => <span className="mono">{x.id}</span> },
            { key: "created", title: c.created, value: (x) => x.createdAt, cell: (x) => <When at={x.createdAt} />, file: (x) => iso(x.createdAt), tight: true },
          ]} />
      </Section>
    </Page>
  );
}

export function ConsumerPage({ id }: { id: string }): ReactNode {
  const t = operatorWords();
  const names = useNames("");
  const c = commonWords();
  const confirm = useConfirm();
  const { act, busy } = useAct();
  const loaded = useLoad(id, (signal) => api.consumer(id, signal));
  const [suspending, setSuspending] = useState(false);
  const up = { to: "/operator/consumers", name: t.consumers };
  if (loaded.data === undefined) return <Page title={t.consumer} up={up}><Load of={loaded}>{() => null}</Load></Page>;
  const { consumer: x, sessions, links } = loaded.data;
  return (
    <Page title={x.nickname || x.id} up={up} lead={stateOf(x.state)} actions={x.state === "active" ? <Button danger onClick={() => setSuspending(true)}>{t.suspend}</Button> : <Button type="primary" loading={busy} onClick={() => void act(async () => {
      await api.reinstateConsumer(id);
      await loaded.reload();
    }, t.resumed)}>{t.reinstate}</Button>}>
      {x.reason ? <Note tone="bad" title={t.suspended}><p className="pre">{x.reason}</p></Note> : null}
      <div className="grid-2">
        <Section title={t.consumer}>
          <Facts of={[["ID", <Code>{x.id}</Code>], [t.phone, x.phone], [c.created, <When at={x.createdAt} />], ...(links.length ? [[t.links, links.map((l) => <div key={l.host}><Named name={names.of(l.host)} id={l.host} /> <When at={l.since} /></div>)] as [string, ReactNode]] : [])]} />
        </Section>
        <MembershipOf id={id} />
      </div>
      <Section title={t.sessions} flush actions={sessions.length ? <Button onClick={() => confirm({ title: t.endSessionsTitle, label: t.endSessions, done: t.sessionsEnded, act: async () => {
        await api.endConsumerSessions(id);
        await loaded.reload();
      } })}>{t.endSessions}</Button> : null}>
        <DataTable<api.ConsumerSession> id="consumer-sessions" plain version={sessions.length} row={(s) => s.id} load={async () => ({ items: sessions })} empty={{ title: t.noSessions }}
          columns={[
            { key: "host", title: t.host, value: (s) => names.of(s.host) ?? s.host, cell: (s) => <Named name={names.of(s.host)} id={s.host} /> },
            { key: "agent", title: t.hostKind, value: (s) => browserName(s.agent), cell: (s) => <span title={s.agent}>{browserName(s.agent)}</span> },
            { key: "address", title: t.address, value: (s) => s.address, tight: true },
            { key: "seen", title: t.seen, value: (s) => s.seenAt, cell: (s) => <When at={s.seenAt} />, file: (s) => iso(s.seenAt), tight: true },
          ]} />
      </Section>
      <FormDialog<{ reason: string }> name="suspension" open={suspending} title={t.suspendTitle(x.nickname || x.id)} lead={t.suspendConsumerLead} close={() => setSuspending(false)} label={t.suspend} danger submit={async (v) => {
        await api.suspendConsumer(id, v.reason);
        await loaded.reload();
      }}><Form.Item name="reason" label={c.reason} rules={needed()}><Input.TextArea rows={4} maxLength={500} showCount /></Form.Item></FormDialog>
    </Page>
  );
}

function MembershipOf({ id }: { id: string }): ReactNode {
  const t = operatorWords();
  const loaded = useLoad(id, (signal) => api.membership(id, signal));
  const [dialog, setDialog] = useState<"give" | "end" | "">("");
  const plus = loaded.data?.membership.level === "plus";
  const steps = { joined: t.stepJoined, renewed: t.stepRenewed, granted: t.stepGranted, expired: t.stepExpired, cancelled: t.stepCancelled };
  return (
    <Section title={t.membership} actions={<><Button onClick={() => setDialog("give")}>{t.give}</Button>{plus ? <Button danger onClick={() => setDialog("end")}>{t.end}</Button> : null}</>}>
      <Load of={loaded} rows={2}>{(m) => (
        <div className="stack">
          <Facts of={[[t.level, plus ? <Status tone="good">{t.plus}</Status> : <Status tone="idle">{t.noPlus}</Status>], ...(plus ? [[t.until, day(m.membership.until)] as [string, ReactNode], [t.auto, m.membership.auto ? commonWords().yes : commonWords().no] as [string, ReactNode]] : [])]} />
          {m.history.length ? <><h3>{t.historyLabel}</h3><ol className="timeline">{m.history.slice(0, 10).map((h, i) => <li key={i}><div>{steps[h.step] ?? h.step} <span className="faint">{h.plan} · <When at={h.at} /></span>{h.reason ? <div className="faint small pre">{h.reason}</div> : null}</div></li>)}</ol></> : null}
        </div>
      )}</Load>
      <FormDialog<{ days: number; reason: string }> name="membership" open={dialog === "give"} title={t.give} lead={t.giveLead} close={() => setDialog("")} initial={{ days: 30 }} label={t.give} submit={async (v) => {
        await api.giveMembership(id, v);
        await loaded.reload();
      }}>
        <Form.Item name="days" label={t.giveDays} rules={needed()}><InputNumber min={1} precision={0} /></Form.Item>
        <Form.Item name="reason" label={t.reasonLabel} rules={needed()}><Input maxLength={500} /></Form.Item>
      </FormDialog>
      <FormDialog<{ reason: string }> name="membership-end" open={dialog === "end"} title={t.end} lead={t.endLead} close={() => setDialog("")} label={t.end} danger submit={async (v) => {
        await api.endMembership(id, v.reason);
        await loaded.reload();
      }}><Form.Item name="reason" label={t.reasonLabel} rules={needed()}><Input maxLength={500} /></Form.Item></FormDialog>
    </Section>
  );
}
