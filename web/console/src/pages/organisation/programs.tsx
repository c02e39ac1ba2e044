// The mini programs of an organisation, and making one.
import { Button, Form, Input } from "antd";
import { useRef, useState, type ReactNode } from "react";
import * as api from "../../api/release";
import { at, navigate } from "../../router";
import { useMay } from "../../shell/session";
import { ActionForm, needed } from "../../ui/form";
import { iso, share } from "../../ui/format";
import { Icon } from "../../ui/icons";
import { Page, ProgramIcon, Section, Status, When } from "../../ui/parts";
import { DataTable } from "../../table/table";
import { commonWords } from "../../words/common";
import { programWords } from "../../words/program";

export function Programs({ org }: { org: string }): ReactNode {
  const t = programWords();
  const may = useMay(org);
  const create = may("program.write") ? <Button type="primary" icon={<Icon name="plus" />} onClick={() => navigate(at("/orgs/:org/new-app", { org }))}>{t.create}</Button> : null;
  const state = (a: api.App): string => (a.suspendedAt ? t.suspended : a.released ? `${t.online} #${a.released.number} ${a.released.label}` : t.notOut);
  return (
    <Page title={t.programs} lead={t.programsLead} actions={create}>
      <Section flush>
        <DataTable<api.App> id="programs" addressed row={(a) => a.id} to={(a) => at("/orgs/:org/apps/:app", { org, app: a.id })} load={() => api.apps(org)} search={{ by: "here", hint: t.search }}
          empty={{ title: t.noneYet, hint: t.noneYetHint, action: create }}
          columns={[
            { key: "name", title: t.name, value: (a) => a.name, cell: (a) => <span className="with-icon"><ProgramIcon name={a.name} src={a.icon} id={a.id} /><span>{a.name}</span></span> },
            { key: "state", title: t.state, value: state, cell: (a) => <><Status tone={a.suspendedAt ? "bad" : a.released ? "good" : "idle"}>{state(a)}</Status>{a.rollout?.state === "active" ? <div><Status tone="busy">#{a.staged?.number} · {t.nowStaged(share(a.rollout.share))}</Status></div> : null}</> },
            { key: "id", title: t.id, value: (a) => a.id, cell: (a) => <span className="mono">{a.id}</span> },
            { key: "summary", title: t.summary, value: (a) => a.summary, hidden: true },
            { key: "released", title: t.online, value: (a) => a.releasedAt, cell: (a) => <When at={a.releasedAt} />, file: (a) => iso(a.releasedAt), tight: true, hidden: true },
            { key: "created", title: commonWords().created, value: (a) => a.createdAt, cell: (a) => <When at={a.createdAt} />, file: (a) => iso(a.createdAt), tight: true },
          ]} />
      </Section>
    </Page>
  );
}

export function CreateProgram({ org }: { org: string }): ReactNode {
  const t = programWords();
  const [icon, setIcon] = useState<File | null>(null);
  return (
    <Page title={t.create} lead={t.createLead} narrow up={{ to: at("/orgs/:org/apps", { org }), name: t.programs }}>
      <Section>
        <ActionForm<{ name: string; summary?: string; icon?: string }> name="app" label={t.create} cancel={() => navigate(at("/orgs/:org/apps", { org }))} submit={async (v) => {
          const made = await api.createApp(org, { name: v.name, ...(v.summary ? { summary: v.summary } : {}), ...(icon ? { icon: await base64(icon) } : {}) });
          navigate(at("/orgs/:org/apps/:app", { org, app: made.id }), true);
        }}>
          <Form.Item name="name" label={t.name} extra={t.nameHint} rules={needed()}><Input maxLength={30} autoFocus /></Form.Item>
          <Form.Item name="summary" label={t.summary} extra={t.summaryHint}><Input maxLength={120} /></Form.Item>
          <Form.Item name="icon" label={t.icon} extra={t.iconHint}><IconPicker file={icon} pick={setIcon} /></Form.Item>
        </ActionForm>
      </Section>
    </Page>
  );
}

/** Chooses a picture and shows it. */
export function IconPicker({ file, pick, src, name, id }: { file: File | null; pick: (f: File) => void; src?: string; name?: string; id?: string }): ReactNode {
  const t = programWords();
  const [shown, setShown] = useState("");
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="row">
      {shown || src ? <img className="icon" src={shown || src} alt="" width={56} height={56} style={{ borderRadius: 15 }} /> : name ? <ProgramIcon name={name} id={id ?? ""} size={56} /> : null}
      <Button onClick={() => input.current?.click()}>{file || src ? t.changeIcon : t.chooseIcon}</Button>
      <input ref={input} style={{ display: "none" }} type="file" accept="image/png,image/jpeg,image/gif,image/webp,image/svg+xml" aria-label={t.icon} onChange={(e) => {
        const f = e.target.files?.[0];
        if (!f) return;
        pick(f);
        const reader = new FileReader();
        reader.onload = () => setShown(String(reader.result));
        reader.readAsDataURL(f);
      }} />
    </div>
  );
}

const base64 = (file: File): Promise<string> => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
  reader.onerror = () => reject(reader.error!);
  reader.readAsDataURL(file);
});
