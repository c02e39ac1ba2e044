// The versions of a program: uploading, trial, review, where each stands.
import { Button, Checkbox, Form, Input, Modal, type MenuProps } from "antd";
import { useState, type ReactNode } from "react";
import { Menu } from "../../ui/menu";
import { Problem } from "../../api/client";
import * as api from "../../api/release";
import * as reviews from "../../api/review";
import { navigate } from "../../router";
import { FileDrop } from "../../ui/files";
import { ActionForm, FormDialog, needed, useAct, useConfirm } from "../../ui/form";
import { bytes, iso, share } from "../../ui/format";
import { Icon } from "../../ui/icons";
import { Code, Note, Section, Status, When } from "../../ui/parts";
import { QR } from "../../ui/qr";
import { DataTable } from "../../table/table";
import { Named } from "../../ui/entries";
import { useNames } from "../../ui/known";
import { commonWords } from "../../words/common";
import { detailValues } from "../../words/details";
import { programWords } from "../../words/program";
import { versionName } from "../../ui/names";
import { useProgram } from "./area";
import { versionState } from "./states";

/** Who uploaded a version: a member, or a key of a server. */
export function Uploader({ id }: { id: string }): ReactNode {
  const { app, org } = useProgram();
  const names = useNames(org);
  const name = names.of(id, app.id);
  if (!id.startsWith("key_")) return <Named name={name} id={id} />;
  return <Named name={name === undefined ? programWords().byKey : detailValues().keyNamed(name)} id={id} />;
}

/** What a version is to consumers and testers now. */
export function Roles({ v }: { v: api.Version }): ReactNode {
  const t = programWords();
  const { app } = useProgram();
  return (
    <span className="chips">
      {app.released?.id === v.id ? <span className="chip good">{t.nowOut}</span> : null}
      {app.rollout?.state === "active" && app.rollout.version === v.id ? <span className="chip warn">{t.nowStaged(share(app.rollout.share))}</span> : null}
      {app.trial?.id === v.id ? <span className="chip">{t.nowTrial}</span> : null}
    </span>
  );
}

export function Versions(): ReactNode {
  const t = programWords();
  const { app, may, path, reload } = useProgram();
  const [version, setVersion] = useState(0);
  const [uploading, setUploading] = useState(false);
  const changed = async (): Promise<void> => {
    await reload();
    setVersion((n) => n + 1);
  };
  const upload = may("version.upload") ? <Button type="primary" icon={<Icon name="upload" />} onClick={() => setUploading(true)}>{t.upload}</Button> : null;
  return (
    <>
      <Section flush>
        <DataTable<api.Version> id="versions" addressed version={version} row={(v) => v.id} to={(v) => path(`/versions/${encodeURIComponent(v.id)}`)} load={(a) => api.versions(app.id, a.cursor)} beside={upload}
          filters={[{ key: "state", label: t.state, options: (["development", "in-review", "approved", "rejected", "released"] as const).map((value) => ({ value, label: versionState(value).name })), test: (v, s) => v.state === s }]}
          empty={{ title: t.noVersions, hint: t.noVersionsHint, action: upload }}
          columns={[
            { key: "number", title: t.number, value: (v) => v.number, cell: (v) => versionName(v), file: (v) => `#${v.number} ${v.label}`, tight: true },
            { key: "state", title: t.state, value: (v) => versionState(v.state).name, cell: (v) => <span className="row" style={{ gap: "4px 10px" }}><Status tone={versionState(v.state).tone}>{versionState(v.state).name}</Status><Roles v={v} /></span> },
            { key: "notes", title: t.notes, value: (v) => v.notes, cell: (v) => <span className="pre">{v.notes || <span className="faint">—</span>}</span> },
            { key: "size", title: t.size, value: (v) => v.bytes, cell: (v) => bytes(v.bytes), tight: true, end: true },
            { key: "by", title: t.uploadedBy, value: (v) => v.uploadedBy, cell: (v) => <Uploader id={v.uploadedBy} />, hidden: true },
            { key: "at", title: t.uploadedAt, value: (v) => v.createdAt, cell: (v) => <When at={v.createdAt} />, file: (v) => iso(v.createdAt), tight: true },
          ]}
          actions={(v) => <VersionActions v={v} changed={changed} />} />
      </Section>
      <Upload open={uploading} close={() => setUploading(false)} changed={changed} />
    </>
  );
}

/** What can be done with a version: the next step as a button, the rest in a menu. */
export function VersionActions({ v, changed, big }: { v: api.Version; changed: () => Promise<void>; big?: boolean }): ReactNode {
  const t = programWords();
  const { app, may, path } = useProgram();
  const { act, busy } = useAct();
  const confirm = useConfirm();
  const [submitting, setSubmitting] = useState(false);
  const [link, setLink] = useState<{ link: api.TrialLink; trial: boolean } | null>(null);
  const size = big ? "middle" : "small";
  const canSubmit = may("version.submit") && (v.state === "development" || v.state === "rejected");
  const canRelease = may("version.release") && (v.state === "approved" || v.state === "released") && app.released?.id !== v.id;
  const menu: MenuProps["items"] = [
    { key: "preview", label: t.preview, onClick: () => void act(async () => setLink({ link: await api.preview(app.id, v.id), trial: false })) },
    ...(may("version.upload") && app.trial?.id !== v.id ? [{ key: "trial", label: t.setTrial, onClick: () => void act(async () => {
      setLink({ link: await api.setTrial(app.id, v.id), trial: true });
      await changed();
    }) }] : []),
    ...(may("version.submit") && v.state === "in-review" ? [{ key: "withdraw", label: t.withdraw, onClick: () => confirm({
      title: t.withdrawTitle(v.number), text: t.withdrawText, label: t.withdraw, danger: false, done: t.withdrawn,
      act: async () => {
        await reviews.withdrawSubmission(app.id, v.id);
        await changed();
      },
    }) }] : []),
    ...(big ? [] : [{ key: "details", label: t.details, onClick: () => navigate(path(`/versions/${encodeURIComponent(v.id)}`)) }]),
  ];
  return (
    <>
      {canSubmit ? <Button size={size} type={big ? "primary" : "default"} onClick={() => setSubmitting(true)}>{t.submit}</Button> : null}
      {canRelease ? <Button size={size} type={big ? "primary" : "default"} onClick={() => navigate(path(`/release?version=${encodeURIComponent(v.id)}`))}>{t.releaseIt}</Button> : null}
      {big ? menu.map((item) => <Button key={String(item!.key)} loading={busy} onClick={(item as unknown as { onClick: () => void }).onClick}>{(item as unknown as { label: string }).label}</Button>) : (
        <Menu menu={{ items: menu }}><Button size="small" type="text" loading={busy} aria-label={`${commonWords().actions} ${versionName(v)}`} icon={<Icon name="dots" />} /></Menu>
      )}
      <FormDialog<{ note?: string }> name="submission" open={submitting} title={`${t.submit} ${versionName(v)}`} lead={t.submitLead} close={() => setSubmitting(false)} label={t.submit} submit={async (f) => {
        await reviews.submit(app.id, v.id, f.note?.trim() ?? "");
        await changed();
      }}>
        <Form.Item name="note" label={t.submitNote} extra={t.submitNoteHint}><Input.TextArea rows={3} maxLength={500} /></Form.Item>
      </FormDialog>
      <Modal open={link !== null} title={link?.trial ? t.trialLink : t.previewTitle} footer={<Button onClick={() => setLink(null)}>{commonWords().close}</Button>} onCancel={() => setLink(null)} destroyOnHidden>
        {link ? <LinkAndQR path={link.link.path} hint={link.trial ? t.trialLinkOnce : t.previewLead} /> : null}
      </Modal>
    </>
  );
}

/** A link into the host app, to press, to copy and to scan. */
export function LinkAndQR({ path, hint }: { path: string; hint: string }): ReactNode {
  const t = programWords();
  const url = new URL(path, location.origin).href;
  return (
    <div className="stack">
      <p className="faint">{hint}</p>
      <QR text={url} label={t.trialQR} />
      <Code wide>{url}</Code>
      <div><Button type="primary" href={url} target="_blank" rel="noopener" icon={<Icon name="out" />}>{t.openTrial}</Button></div>
    </div>
  );
}

function Upload({ open, close, changed }: { open: boolean; close: () => void; changed: () => Promise<void> }): ReactNode {
  const t = programWords();
  const { app } = useProgram();
  const [file, setFile] = useState<File | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const [done, setDone] = useState<api.Uploaded | null>(null);
  const [refused, setRefused] = useState<api.Diagnostic[] | null>(null);
  const leave = (): void => {
    close();
    setDone(null);
    setRefused(null);
    setFile(null);
  };
  return (
    <Modal open={open} title={t.upload} footer={null} onCancel={() => (at === null ? leave() : undefined)} mask={{ closable: false }} width={600} destroyOnHidden>
      {done ? (
        <div className="stack">
          <Note tone="good" title={done.again ? t.uploadedAgain(done.number) : t.uploaded(done.number)} />
          {done.trialLink ? <LinkAndQR path={done.trialLink} hint={t.trialLinkOnce} /> : null}
          {done.diagnostics.length ? <Diagnostics of={done.diagnostics} /> : <p className="faint">{t.noWarnings}</p>}
          <div className="actions"><Button type="primary" onClick={leave}>{commonWords().close}</Button></div>
        </div>
      ) : (
        <div className="stack">
          <p className="faint">{t.uploadLead}</p>
          <Code wide>{`minimart upload . --app ${app.id} --key key.json --version 1.0.0`}</Code>
          {refused ? <><Note tone="bad" title={t.notBuilt}>{t.diagnostics(refused.filter((d) => d.severity === "error").length, refused.filter((d) => d.severity === "warning").length)}</Note><Diagnostics of={refused} /></> : null}
          <ActionForm<{ label: string; notes?: string; trial?: boolean; package?: unknown }> name="upload" initial={{ trial: true }} label={t.uploadAction} cancel={leave} submit={async (v) => {
            if (!file) throw new Problem(422, "invalid", "", [{ field: "package", message: commonWords().required }]);
            setRefused(null);
            setAt(0);
            try {
              setDone(await api.upload(app.id, { label: v.label.trim(), notes: v.notes?.trim() ?? "", trial: v.trial === true }, file, setAt));
              await changed();
            } catch (problem) {
              if (problem instanceof Problem && Array.isArray(problem.said.diagnostics)) setRefused(problem.said.diagnostics as api.Diagnostic[]);
              throw problem;
            } finally {
              setAt(null);
            }
          }}>
            <Form.Item name="package" label={t.package} required>
              <FileDrop accept=".zip,application/zip" title={file ? `${file.name} · ${bytes(file.size)}` : t.choosePackage} hint={at === null ? t.choosePackageHint : at < 1 ? t.uploading(Math.round(at * 100)) : t.compiling} share={at} take={setFile} />
            </Form.Item>
            <Form.Item name="label" label={t.label} extra={t.labelHint} rules={needed()}><Input maxLength={40} autoFocus /></Form.Item>
            <Form.Item name="notes" label={t.notes} extra={t.notesHint}><Input.TextArea rows={2} maxLength={1000} /></Form.Item>
            <Form.Item name="trial" valuePropName="checked"><Checkbox>{t.alsoTrial}</Checkbox></Form.Item>
          </ActionForm>
        </div>
      )}
    </Modal>
  );
}

/** What the compiler said, file and line first. */
export function Diagnostics({ of }: { of: api.Diagnostic[] }): ReactNode {
  const t = programWords();
  return (
    <div className="section" style={{ maxHeight: 320, overflow: "auto" }}>
      {of.map((d, i) => (
        <div className="finding" key={i}>
          <Status tone={d.severity === "error" ? "bad" : "wait"}>{d.severity === "error" ? t.error : t.warning}</Status>
          <div className="grow wrap">{d.message}{d.hint ? <span className="faint"> — {d.hint}</span> : null}</div>
          <code>{d.file}{d.line ? `:${d.line}${d.column ? ":" + d.column : ""}` : ""}</code>
        </div>
      ))}
    </div>
  );
}

