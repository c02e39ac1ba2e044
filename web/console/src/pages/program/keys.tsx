// Keys of the open API.
import { Button, Checkbox, Form, Input, Modal, type MenuProps } from "antd";
import { useState, type ReactNode } from "react";
import { Menu } from "../../ui/menu";
import * as api from "../../api/gateway";
import * as jos from "../../api/jos";
import { FormDialog, needed, useConfirm } from "../../ui/form";
import { iso } from "../../ui/format";
import { Icon } from "../../ui/icons";
import { useLoad } from "../../ui/load";
import { Code, CopyButton, Facts, Id, Note, Section, Status, When, type Tone } from "../../ui/parts";
import { save } from "../../table/csv";
import { DataTable } from "../../table/table";
import { commonWords } from "../../words/common";
import { lang } from "../../words/lang";
import { programWords } from "../../words/program";
import { josWords } from "../../words/jos";
import { keyWords } from "../../words/keys";
import { Overlap } from "../../ui/overlap";
import { useProgram } from "./area";

type Spec = { name: string; scopes: string[]; networks: string };
const toSpec = (s: Spec): api.KeySpec => ({ name: s.name.trim(), scopes: s.scopes ?? [], networks: (s.networks ?? "").split(/[\n,]/).map((x) => x.trim()).filter(Boolean) });

function keyState(k: api.Key): { name: string; tone: Tone } {
  const t = keyWords();
  if (k.state === "revoked") return { name: t.revokedKey, tone: "bad" };
  if (k.state === "expired") return { name: t.expired, tone: "idle" };
  return k.expiresAt ? { name: t.expiring, tone: "wait" } : { name: t.live, tone: "good" };
}

export function Keys(): ReactNode {
  const t = keyWords();
  const { app, may } = useProgram();
  const confirm = useConfirm();
  const scopes = useLoad(app.id, (signal) => api.scopes(app.id, signal));
  const [version, setVersion] = useState(0);
  const [dialog, setDialog] = useState<{ is: "create" } | { is: "change" | "rotate" | "redirects"; key: api.Key } | null>(null);
  const [issued, setIssued] = useState<api.IssuedKey | null>(null);
  const manage = may("key.manage");
  const again = (): void => setVersion((n) => n + 1);
  const close = (): void => setDialog(null);
  const create = manage ? <Button type="primary" icon={<Icon name="plus" />} onClick={() => setDialog({ is: "create" })}>{t.createKey}</Button> : null;
  const fields = (
    <>
      <Form.Item name="name" label={t.keyName} extra={t.keyNameHint} rules={needed()}><Input maxLength={60} autoComplete="off" /></Form.Item>
      <Form.Item name="scopes" label={t.scopes} extra={t.scopesHint} rules={needed()}>
        <Checkbox.Group className="stack" style={{ gap: 8 }} options={(scopes.data?.items ?? []).map((s) => ({ value: s.name, label: <span>{lang() === "zh" ? s.titleZh : s.title} <span className="chip mono">{s.name}</span>{s.capability ? <span className="faint small"> {t.scopeNeeds(s.capability)}</span> : null}</span> }))} />
      </Form.Item>
      <Form.Item name="networks" label={t.networks} extra={t.networksHint}><Input.TextArea className="mono" autoSize={{ minRows: 2, maxRows: 8 }} spellCheck={false} /></Form.Item>
    </>
  );
  return (
    <>
    <Section flush title={programWords().keys} lead={t.keysLead} actions={create}>
      <DataTable<api.Key> id="keys" addressed version={version} row={(k) => k.id} load={() => api.keys(app.id)} empty={{ title: t.noKeys, hint: t.noKeysHint }}
        filters={[{ key: "state", label: commonWords().state, options: [{ value: "live", label: t.live }, { value: "expired", label: t.expired }, { value: "revoked", label: t.revokedKey }], test: (k, v) => k.state === v }]}
        columns={[
          { key: "name", title: t.keyName, value: (k) => k.name },
          { key: "id", title: t.keyId, value: (k) => k.id, cell: (k) => <Id copy>{k.id}</Id> },
          { key: "state", title: commonWords().state, value: (k) => keyState(k).name, cell: (k) => <Status tone={keyState(k).tone}>{keyState(k).name}</Status>, tight: true },
          { key: "scopes", title: t.scopes, value: (k) => k.scopes.join(" "), cell: (k) => <span className="chips">{k.scopes.map((s) => <span className="chip mono" key={s}>{s}</span>)}</span> },
          { key: "networks", title: t.networks, value: (k) => k.networks.join(" "), cell: (k) => (k.networks.length ? <span className="chips">{k.networks.map((n) => <span className="chip mono" key={n}>{n}</span>)}</span> : <span className="faint">{t.everywhere}</span>), hidden: true },
          { key: "used", title: t.lastUsed, value: (k) => k.lastUsedAt ?? 0, cell: (k) => (k.lastUsedAt ? <><When at={k.lastUsedAt} /><div className="faint small">{k.lastUsedFrom}</div></> : <span className="faint">{t.neverUsed}</span>), file: (k) => iso(k.lastUsedAt), tight: true },
          { key: "expires", title: t.expiresAt, value: (k) => k.expiresAt ?? 0, cell: (k) => <When at={k.expiresAt} />, file: (k) => iso(k.expiresAt), tight: true, hidden: true },
          { key: "created", title: commonWords().created, value: (k) => k.createdAt, cell: (k) => <When at={k.createdAt} />, file: (k) => iso(k.createdAt), tight: true, hidden: true },
        ]}
        {...(manage ? { actions: (k: api.Key) => {
          if (k.state !== "live") return null;
          const items: MenuProps["items"] = [
            { key: "change", label: t.change, onClick: () => setDialog({ is: "change", key: k }) },
            { key: "redirects", label: josWords().redirects, onClick: () => setDialog({ is: "redirects", key: k }) },
            ...(k.replacedBy ? [] : [{ key: "rotate", label: t.rotate, onClick: () => setDialog({ is: "rotate", key: k }) }]),
            { key: "revoke", danger: true, label: t.revoke, onClick: () => confirm({ title: t.revokeTitle(k.name), text: t.revokeText, label: t.revoke, done: t.revokedDone, act: async () => {
              await api.revokeKey(app.id, k.id);
              again();
            } }) },
          ];
          return <Menu menu={{ items }}><Button size="small" type="text" aria-label={`${commonWords().actions} ${k.name}`} icon={<Icon name="dots" />} /></Menu>;
        } } : {})} />
      <FormDialog<Spec> name="key" open={dialog?.is === "create"} title={t.createKey} close={close} width={560} initial={{ scopes: [] }} label={t.createKey} submit={async (v) => {
        setIssued(await api.createKey(app.id, toSpec(v)));
        again();
      }}>{fields}</FormDialog>
      <FormDialog<Spec> name="key" open={dialog?.is === "change"} title={t.change} close={close} width={560} initial={dialog?.is === "change" ? { name: dialog.key.name, scopes: dialog.key.scopes, networks: dialog.key.networks.join("\n") } : {}} label={commonWords().save} submit={async (v) => {
        if (dialog && dialog.is !== "create") await api.changeKey(app.id, dialog.key.id, toSpec(v));
        again();
      }}>{fields}</FormDialog>
      <FormDialog<{ overlap: number }> name="rotation" open={dialog?.is === "rotate"} title={dialog && dialog.is !== "create" ? t.rotateTitle(dialog.key.name) : ""} lead={t.rotateLead} close={close} initial={{ overlap: 86_400 }} label={t.rotate} submit={async (v) => {
        if (dialog && dialog.is !== "create") setIssued(await api.rotateKey(app.id, dialog.key.id, v.overlap));
        again();
      }}><Overlap most={30} /></FormDialog>
      {dialog?.is === "redirects" ? <Redirects app={app.id} of={dialog.key} close={close} /> : null}
      <Modal open={issued !== null} title={t.issued} onCancel={() => setIssued(null)} closable={false} mask={{ closable: false }} keyboard={false} footer={<Button type="primary" onClick={() => setIssued(null)}>{commonWords().close}</Button>} destroyOnHidden>
        {issued ? (
          <div className="stack">
            <Note tone="warn">{t.issuedLead}</Note>
            <Facts of={[[t.keyId, <Code wide>{issued.id}</Code>], [t.secret, <span id="secret"><Code wide>{issued.secret}</Code></span>]]} />
            <div className="actions">
              <Button icon={<Icon name="download" />} onClick={() => save(`${issued.id}.json`, "application/json", JSON.stringify({ key: issued.id, secret: issued.secret }, null, 2) + "\n")}>{t.downloadKey}</Button>
              <CopyButton text={JSON.stringify({ key: issued.id, secret: issued.secret })} label={commonWords().copy + " JSON"} />
            </div>
          </div>
        ) : null}
      </Modal>
    </Section>
    <GivenToOthers />
    </>
  );
}

/** Where a browser may come back to when others let a key in. */
function Redirects({ app, of, close }: { app: string; of: api.Key; close: () => void }): ReactNode {
  const t = josWords();
  const loaded = useLoad(of.id, (signal) => jos.redirects(app, of.id, signal));
  if (loaded.data === undefined && loaded.problem === undefined) return null;
  return (
    <FormDialog<{ items: string }> name="redirects" open title={`${t.redirects} · ${of.name}`} lead={t.redirectsLead} close={close} initial={{ items: (loaded.data?.items ?? []).join("\n") }} label={commonWords().save} submit={(v) => jos.setRedirects(app, of.id, (v.items ?? "").split("\n").map((x) => x.trim()).filter(Boolean))}>
      <Form.Item name="items" label={t.redirects} extra={t.redirectsHint}><Input.TextArea className="mono" autoSize={{ minRows: 3, maxRows: 10 }} spellCheck={false} placeholder="https://erp.example/jd/callback" /></Form.Item>
    </FormDialog>
  );
}

/** Keys of others that may act for this program. */
function GivenToOthers(): ReactNode {
  const t = josWords();
  const { app, may } = useProgram();
  const confirm = useConfirm();
  const [version, setVersion] = useState(0);
  return (
    <Section flush title={t.given} lead={t.givenLead}>
      <DataTable<jos.Authorization> id="authorisations" plain version={version} row={(g) => g.id} load={() => jos.authorisations(app.id)} empty={{ title: t.noneGiven }}
        columns={[
          { key: "key", title: t.key, value: (g) => g.key, cell: (g) => <Id copy>{g.key}</Id> },
          { key: "scopes", title: t.scopes, value: (g) => g.scopes.join(" "), cell: (g) => <span className="chips">{g.scopes.map((s) => <span className="chip mono" key={s}>{s}</span>)}</span> },
          { key: "org", title: t.organisation, value: (g) => g.keyOrganisation, cell: (g) => <Id copy>{g.keyOrganisation}</Id> },
          { key: "at", title: t.at, value: (g) => g.givenAt, cell: (g) => <When at={g.givenAt} />, file: (g) => iso(g.givenAt), tight: true },
          { key: "used", title: t.used, value: (g) => g.usedAt ?? 0, cell: (g) => <When at={g.usedAt} />, file: (g) => iso(g.usedAt), tight: true },
        ]}
        {...(may("key.manage") ? { actions: (g: jos.Authorization) => <Button size="small" type="text" danger onClick={() => confirm({ title: t.withdrawTitle, text: t.withdrawText, label: t.withdraw, done: t.withdrawn, act: async () => {
          await jos.withdraw(app.id, g.id);
          setVersion((n) => n + 1);
        } })}>{t.withdraw}</Button> } : {})} />
    </Section>
  );
}
