// Name and qualification documents of an organisation, and what the platform says of them.
import { Button, Form, Input, Select } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/account";
import { useMay, useSession } from "../../shell/session";
import { FileDrop } from "../../ui/files";
import { FormDialog, needed, useAct, useConfirm } from "../../ui/form";
import { bytes } from "../../ui/format";
import { Load, useLoad } from "../../ui/load";
import { documentName, kindName, organisationState } from "../../ui/names";
import { Code, Facts, Note, Page, Section, Status, When } from "../../ui/parts";
import { DataTable } from "../../table/table";
import { commonWords } from "../../words/common";
import { organisationWords } from "../../words/organisation";

export function Details({ org }: { org: string }): ReactNode {
  const t = organisationWords();
  const may = useMay(org);
  const session = useSession();
  const confirm = useConfirm();
  const loaded = useLoad(org, (signal) => api.organisation(org, signal));
  const [renaming, setRenaming] = useState(false);
  const [version, setVersion] = useState(0);
  const [count, setCount] = useState<number | null>(null);
  const changed = async (): Promise<void> => {
    await Promise.all([loaded.reload(), session.reload()]);
    setVersion((v) => v + 1);
  };
  return (
    <Page title={t.organisation} lead={t.organisationLead}>
      <Load of={loaded}>{(o) => {
        const state = organisationState(o.state);
        const open = o.state === "new" || o.state === "rejected";
        const write = may("organisation.write") && open;
        const submit = (
          <Button type="primary" disabled={count === 0} onClick={() => confirm({
            title: t.submitTitle, text: t.submitText, label: t.submit, danger: false, done: t.submitted,
            act: async () => {
              await api.submitOrganisation(org);
              await changed();
            },
          })}>{t.submit}</Button>
        );
        return (
          <>
            {o.state === "rejected" ? <Note tone="bad" title={t.rejected} action={write ? submit : undefined}><p className="pre">{o.reason}</p><p className="faint">{t.rejectedHint}</p></Note> : null}
            {o.state === "submitted" ? <Note title={t.waiting}>{t.waitingHint}</Note> : null}
            {o.state === "verified" && o.kind !== "operator" ? <Note tone="good" title={t.verified} /> : null}
            <Section title={t.basics} actions={write ? <Button onClick={() => setRenaming(true)}>{t.rename}</Button> : null}>
              <Facts of={[[t.name, o.name], [t.kind, kindName(o.kind)], [commonWords().state, <Status tone={state.tone}>{state.name}</Status>], [t.id, <Code>{o.id}</Code>], [commonWords().created, <When at={o.createdAt} />]]} />
            </Section>
            {o.kind === "operator" ? null : (
              <Section title={t.documents} lead={open ? t.documentsLead : t.documentsClosed} flush actions={o.state === "new" && write ? submit : null}>
                {may("document.read") ? <Documents org={org} version={version} write={write} told={setCount} changed={() => setVersion((v) => v + 1)} /> : <p className="section-body faint">{t.noDocumentRight}</p>}
              </Section>
            )}
            <FormDialog<{ name: string }> open={renaming} title={t.rename} close={() => setRenaming(false)} initial={{ name: o.name }} label={commonWords().save} submit={async (v) => {
              await api.renameOrganisation(org, v.name);
              await changed();
            }}>
              <Form.Item name="name" label={t.name} rules={needed()}><Input maxLength={60} /></Form.Item>
            </FormDialog>
          </>
        );
      }}</Load>
    </Page>
  );
}

function Documents({ org, version, write, told, changed }: { org: string; version: number; write: boolean; told: (n: number) => void; changed: () => void }): ReactNode {
  const t = organisationWords();
  const c = commonWords();
  const confirm = useConfirm();
  const { act } = useAct();
  const [kind, setKind] = useState<api.DocumentKind>("business-licence");
  const [share, setShare] = useState<number | null>(null);
  return (
    <>
      {write ? (
        <div className="section-body stack">
          <label className="row"><span>{t.kindOfDocument}</span><Select value={kind} onChange={setKind} style={{ minWidth: 200 }} options={api.documentKinds.map((value) => ({ value, label: documentName(value) }))} /></label>
          <FileDrop accept=".pdf,.png,.jpg,.jpeg" title={t.choose} hint={t.chooseHint} share={share} take={(file) => void act(async () => {
            setShare(0);
            try {
              await api.addDocument(org, kind, file, setShare);
            } finally {
              setShare(null);
            }
            changed();
          }, t.uploaded)} />
        </div>
      ) : null}
      <DataTable<api.Doc> id="documents" plain version={version} row={(d) => d.id} empty={{ title: t.noDocuments, hint: t.noDocumentsHint }}
        load={async () => {
          const page = await api.documents(org);
          told(page.items.length);
          return page;
        }}
        columns={[
          { key: "name", title: c.name, value: (d) => d.name, cell: (d) => <a className="row-link" href={api.documentAddress(org, d.id)} download>{d.name}</a> },
          { key: "kind", title: t.kindOfDocument, value: (d) => documentName(d.kind), tight: true },
          { key: "bytes", title: t.size, value: (d) => d.bytes, cell: (d) => bytes(d.bytes), tight: true, end: true },
          { key: "at", title: t.at, value: (d) => d.createdAt, cell: (d) => <When at={d.createdAt} />, tight: true },
        ]}
        {...(write ? { actions: (d: api.Doc) => <Button size="small" type="text" onClick={() => confirm({
          title: t.deleteDocument, text: d.name, label: c.remove, act: async () => {
            await api.deleteDocument(org, d.id);
            changed();
          },
        })}>{c.remove}</Button> } : {})} />
    </>
  );
}
