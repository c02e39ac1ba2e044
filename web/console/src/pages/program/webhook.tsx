// One webhook endpoint and what was delivered to it.
import { Button, Drawer } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/gateway";
import { Link, navigate } from "../../router";
import { FormDialog, useAct, useConfirm } from "../../ui/form";
import { iso, moment, number } from "../../ui/format";
import { Load, useLoad } from "../../ui/load";
import { Code, Facts, Section, Status, When, type Tone } from "../../ui/parts";
import { DataTable } from "../../table/table";
import { commonWords } from "../../words/common";
import { keyWords } from "../../words/keys";
import { programWords } from "../../words/program";
import { Icon } from "../../ui/icons";
import { useProgram } from "./area";
import { Overlap } from "../../ui/overlap";
import { HookSecret, WebhookFields, hookState } from "./webhooks";

function deliveryState(s: api.DeliveryState): { name: string; tone: Tone } {
  const t = keyWords();
  return ({ pending: { name: t.pending, tone: "wait" }, delivered: { name: t.delivered, tone: "good" }, failed: { name: t.failed, tone: "bad" }, stopped: { name: t.stopped, tone: "idle" } } as const)[s] ?? { name: s, tone: "idle" };
}

export function WebhookPage({ id }: { id: string }): ReactNode {
  const t = keyWords();
  const { app, may, path } = useProgram();
  const { act, busy } = useAct();
  const confirm = useConfirm();
  const loaded = useLoad(id, (signal) => api.webhook(app.id, id, signal));
  const [version, setVersion] = useState(0);
  const [dialog, setDialog] = useState<"change" | "rotate" | "">("");
  const [issued, setIssued] = useState<api.IssuedWebhook | null>(null);
  const [opened, open] = useState("");
  const manage = may("webhook.manage");
  const again = (): void => setVersion((n) => n + 1);
  return (
    <Load of={loaded}>{(w) => (
      <>
        <Section title={w.url} lead={<Link to={path("/webhooks")}>← {programWords().webhooks}</Link>} actions={manage ? (
          <>
            <Button loading={busy} onClick={() => void act(async () => {
              await api.testWebhook(app.id, id);
              again();
            }, t.tested)}>{t.test}</Button>
            <Button onClick={() => setDialog("change")}>{t.change}</Button>
            <Button onClick={() => setDialog("rotate")}>{t.rotateSecret}</Button>
            <Button onClick={() => void act(async () => loaded.set(await (w.state === "enabled" ? api.disableWebhook : api.enableWebhook)(app.id, id)))}>{w.state === "enabled" ? t.disable : t.enable}</Button>
            <Button danger onClick={() => confirm({ title: t.deleteHookTitle, text: t.deleteHookText, label: t.deleteHook, act: async () => {
              await api.deleteWebhook(app.id, id);
              navigate(path("/webhooks"), true);
            } })}>{t.deleteHook}</Button>
          </>
        ) : null}>
          <Facts of={[[commonWords().state, <Status tone={hookState(w).tone}>{hookState(w).name}</Status>], [t.types, w.types.includes("*") ? t.allTypes : <span className="chips">{w.types.map((x) => <span className="chip mono" key={x}>{x}</span>)}</span>], [t.description, w.description], ...(w.previousSecretUntil ? [[t.secret, t.previousUntil(moment(w.previousSecretUntil))] as [string, ReactNode]] : [])]} />
        </Section>
        <Section title={t.deliveries} lead={t.deliveriesLead} flush>
          <DataTable<api.Delivery> id="deliveries" addressed version={version} row={(d) => d.id} load={(a) => api.deliveries(app.id, id, { cursor: a.cursor, state: a.state ?? "" })} empty={{ title: t.noDeliveries, hint: t.noDeliveriesHint }} beside={<Button aria-label={commonWords().refresh} title={commonWords().refresh} onClick={again} icon={<Icon name="refresh" />} />}
            filters={[{ key: "state", label: commonWords().state, options: (["pending", "delivered", "failed", "stopped"] as const).map((value) => ({ value, label: deliveryState(value).name })) }]}
            columns={[
              { key: "type", title: t.type, value: (d) => d.type, cell: (d) => <span className="mono">{d.type}</span> },
              { key: "state", title: commonWords().state, value: (d) => deliveryState(d.state).name, cell: (d) => <Status tone={deliveryState(d.state).tone}>{deliveryState(d.state).name}</Status>, tight: true },
              { key: "status", title: t.answerStatus, value: (d) => d.lastStatus, cell: (d) => <span className="wrap">{d.lastStatus || (d.attempts ? t.noAnswer : "—")}{d.lastError ? <span className="faint small"> {d.lastError}</span> : null}</span> },
              { key: "attempts", title: t.attempts, value: (d) => d.attempts, tight: true, end: true },
              { key: "next", title: t.nextAt, value: (d) => d.nextAt ?? 0, cell: (d) => <When at={d.nextAt} />, file: (d) => iso(d.nextAt), tight: true },
              { key: "at", title: commonWords().created, value: (d) => d.createdAt, cell: (d) => <When at={d.createdAt} />, file: (d) => iso(d.createdAt), tight: true },
              { key: "id", title: "webhook-id", value: (d) => d.id, cell: (d) => <span className="mono">{d.id}</span>, hidden: true },
            ]}
            actions={(d) => (
              <>
                <Button size="small" type="text" onClick={() => open(d.id)}>{programWords().details}</Button>
                {manage && d.state !== "pending" ? <Button size="small" type="text" onClick={() => void act(async () => {
                  await api.redeliver(app.id, id, d.id);
                  again();
                }, t.redelivered)}>{t.redeliver}</Button> : null}
              </>
            )} />
        </Section>
        <Drawer open={opened !== ""} onClose={() => open("")} size={Math.min(620, innerWidth)} title={t.message} destroyOnHidden>{opened ? <Detail id={id} delivery={opened} /> : null}</Drawer>
        <FormDialog<api.WebhookSpec> name="webhook" open={dialog === "change"} title={t.change} close={() => setDialog("")} initial={{ url: w.url, description: w.description, types: w.types }} label={commonWords().save} submit={async (v) => loaded.set(await api.changeWebhook(app.id, id, { ...v, description: v.description ?? "" }))}><WebhookFields /></FormDialog>
        <FormDialog<{ overlap: number }> name="rotation" open={dialog === "rotate"} title={t.rotateSecret} lead={t.rotateSecretLead} close={() => setDialog("")} initial={{ overlap: 86_400 }} label={t.rotate} submit={async (v) => {
          setIssued(await api.rotateSecret(app.id, id, v.overlap));
          await loaded.reload();
        }}><Overlap most={7} /></FormDialog>
        <HookSecret issued={issued} close={() => setIssued(null)} />
      </>
    )}</Load>
  );
}

function Detail({ id, delivery }: { id: string; delivery: string }): ReactNode {
  const t = keyWords();
  const { app } = useProgram();
  const loaded = useLoad(delivery, (signal) => api.delivery(app.id, id, delivery, signal));
  return (
    <Load of={loaded}>{(d) => (
      <div className="stack">
        <Facts of={[["webhook-id", <Code>{d.id}</Code>], [t.type, <code>{d.type}</code>], [t.event, <code className="wrap">{d.event}</code>], [commonWords().state, <Status tone={deliveryState(d.state).tone}>{deliveryState(d.state).name}</Status>]]} />
        <h3>{t.payload}</h3>
        <pre className="block soft" tabIndex={0}>{JSON.stringify(d.payload, null, 2)}</pre>
        <h3>{t.log}</h3>
        <ol className="timeline">{d.log.map((a) => (
          <li key={a.number}><div><div>{a.status || t.noAnswer} <span className="faint">{t.took(number(a.took))} · <When at={a.startedAt} /></span></div>{a.error ? <div className="faint wrap">{a.error}</div> : null}{a.response ? <pre className="block soft">{a.response}</pre> : null}</div></li>
        ))}</ol>
      </div>
    )}</Load>
  );
}
