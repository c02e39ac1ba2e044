// Webhook endpoints of a program.
import { Button, Checkbox, Form, Input, Modal } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/gateway";
import { FormDialog, needed } from "../../ui/form";
import { iso, moment } from "../../ui/format";
import { Icon } from "../../ui/icons";
import { useLoad } from "../../ui/load";
import { Code, Note, Section, Status, When, type Tone } from "../../ui/parts";
import { DataTable } from "../../table/table";
import { commonWords } from "../../words/common";
import { lang } from "../../words/lang";
import { keyWords } from "../../words/keys";
import { programWords } from "../../words/program";
import { useProgram } from "./area";

export function hookState(w: api.Webhook): { name: string; tone: Tone } {
  const t = keyWords();
  if (w.state === "disabled") return { name: { by_hand: t.disabledByHand, gone: t.disabledGone, failing: t.disabledFailing }[w.disabledReason ?? "by_hand"] ?? t.disabled, tone: w.disabledReason === "by_hand" ? "idle" : "bad" };
  return w.failingSince ? { name: t.failingSince(moment(w.failingSince)), tone: "wait" } : { name: t.enabled, tone: "good" };
}

export function Webhooks(): ReactNode {
  const t = keyWords();
  const { app, may, path } = useProgram();
  const [version, setVersion] = useState(0);
  const [creating, setCreating] = useState(false);
  const [issued, setIssued] = useState<api.IssuedWebhook | null>(null);
  const create = may("webhook.manage") ? <Button type="primary" icon={<Icon name="plus" />} onClick={() => setCreating(true)}>{t.createHook}</Button> : null;
  return (
    <Section flush title={programWords().webhooks} lead={t.hooksLead} actions={create}>
      <DataTable<api.Webhook> id="webhooks" addressed version={version} row={(w) => w.id} to={(w) => path(`/webhooks/${encodeURIComponent(w.id)}`)} load={() => api.webhooks(app.id)} empty={{ title: t.noHooks, hint: t.noHooksHint }}
        columns={[
          { key: "url", title: t.url, value: (w) => w.url, cell: (w) => <span className="wrap">{w.url}</span> },
          { key: "state", title: commonWords().state, value: (w) => hookState(w).name, cell: (w) => <Status tone={hookState(w).tone}>{hookState(w).name}</Status> },
          { key: "types", title: t.types, value: (w) => w.types.join(" "), cell: (w) => (w.types.includes("*") ? t.allTypes : <span className="chips">{w.types.map((x) => <span className="chip mono" key={x}>{x}</span>)}</span>) },
          { key: "description", title: t.description, value: (w) => w.description },
          { key: "created", title: commonWords().created, value: (w) => w.createdAt, cell: (w) => <When at={w.createdAt} />, file: (w) => iso(w.createdAt), tight: true, hidden: true },
        ]} />
      <FormDialog<api.WebhookSpec> name="webhook" open={creating} title={t.createHook} close={() => setCreating(false)} initial={{ types: ["*"] }} label={t.createHook} submit={async (v) => {
        setIssued(await api.createWebhook(app.id, { ...v, description: v.description ?? "" }));
        setVersion((n) => n + 1);
      }}><WebhookFields /></FormDialog>
      <HookSecret issued={issued} close={() => setIssued(null)} />
    </Section>
  );
}

export function HookSecret({ issued, close }: { issued: api.IssuedWebhook | null; close: () => void }): ReactNode {
  const t = keyWords();
  return (
    <Modal open={issued !== null} title={t.hookIssued} onCancel={close} closable={false} mask={{ closable: false }} keyboard={false} footer={<Button type="primary" onClick={close}>{commonWords().close}</Button>} destroyOnHidden>
      {issued ? <div className="stack"><Note tone="warn">{t.hookIssuedLead}</Note><Code wide>{issued.secret}</Code></div> : null}
    </Modal>
  );
}

export function WebhookFields(): ReactNode {
  const t = keyWords();
  const { app } = useProgram();
  const types = useLoad(app.id, (signal) => api.eventTypes(app.id, signal));
  return (
    <>
      <Form.Item name="url" label={t.url} extra={t.urlHint} rules={needed()}><Input type="url" placeholder="https://shop.example/hooks" spellCheck={false} autoComplete="off" /></Form.Item>
      <Form.Item name="description" label={t.description}><Input maxLength={200} /></Form.Item>
      <Form.Item name="types" label={t.types} rules={needed()}>
        <Checkbox.Group className="stack" style={{ gap: 6 }} options={[{ value: "*", label: t.allTypes }, ...(types.data?.items ?? []).map((x) => ({ value: x.name, label: <span>{lang() === "zh" ? x.titleZh : x.title} <span className="chip mono">{x.name}</span></span> }))]} />
      </Form.Item>
    </>
  );
}
