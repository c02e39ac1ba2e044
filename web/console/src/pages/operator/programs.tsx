// All programs, and taking one off.
import { Button, Form, Input, Modal } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/release";
import { at } from "../../router";
import { useOperatorMay } from "../../shell/session";
import { DataTable } from "../../table/table";
import { FormDialog, needed, useAct } from "../../ui/form";
import { iso, share } from "../../ui/format";
import { Load, useLoad } from "../../ui/load";
import { Code, Facts, Note, Page, ProgramIcon, Section, Status, When } from "../../ui/parts";
import { commonWords } from "../../words/common";
import { operatorWords } from "../../words/operator";
import { versionName } from "../../ui/names";
import { Named } from "../../ui/entries";
import { useNames } from "../../ui/known";
import { Preview } from "./preview";

export function Programs(): ReactNode {
  const t = operatorWords();
  const names = useNames("");
  const c = commonWords();
  const state = (a: api.AppOverview): { name: string; tone: "good" | "bad" | "idle" } => (a.suspendedAt ? { name: t.stateSuspended, tone: "bad" } : a.number ? { name: `${t.stateOut} #${a.number} ${a.label}`, tone: "good" } : { name: t.stateUnreleased, tone: "idle" });
  return (
    <Page title={t.programs} lead={t.programsLead}>
      <Section flush>
        <DataTable<api.AppOverview> id="all-programs" addressed row={(a) => a.id} to={(a) => at("/operator/programs/:app", { app: a.id })} search={{ by: "server", hint: t.searchPrograms }}
          filters={[{ key: "state", label: c.state, options: [{ value: "out", label: t.stateOut }, { value: "unreleased", label: t.stateUnreleased }, { value: "suspended", label: t.stateSuspended }] }]}
          load={(a) => api.allApps({ cursor: a.cursor, query: a.query, state: a.state ?? "", limit: 50 })} empty={{ title: t.noPrograms }}
          columns={[
            { key: "name", title: c.name, value: (a) => a.name, cell: (a) => <span className="with-icon"><ProgramIcon name={a.name} src={a.icon} id={a.id} /><span>{a.name}</span></span> },
            { key: "state", title: c.state, value: (a) => state(a).name, cell: (a) => <Status tone={state(a).tone}>{state(a).name}</Status> },
            { key: "org", title: t.organisation, value: (a) => names.of(a.organisation) ?? a.organisation, cell: (a) => <Named name={names.of(a.organisation)} id={a.organisation} to={at("/operator/organisations/:org", { org: a.organisation })} /> },
            { key: "released", title: t.released, value: (a) => a.releasedAt, cell: (a) => <When at={a.releasedAt} />, file: (a) => iso(a.releasedAt), tight: true },
            { key: "created", title: c.created, value: (a) => a.createdAt, cell: (a) => <When at={a.createdAt} />, file: (a) => iso(a.createdAt), tight: true },
            { key: "id", title: "ID", value: (a) => a.id, cell: (a) => <span className="mono">{a.id}</span>, hidden: true },
          ]} />
      </Section>
    </Page>
  );
}

export function ProgramPage({ id }: { id: string }): ReactNode {
  const t = operatorWords();
  const names = useNames("");
  const c = commonWords();
  const may = useOperatorMay();
  const { act, busy } = useAct();
  const loaded = useLoad(id, (signal) => api.inspectApp(id, signal));
  const [suspending, setSuspending] = useState(false);
  const [previewing, setPreviewing] = useState<api.Version | null>(null);
  const up = { to: "/operator/programs", name: t.programs };
  if (loaded.data === undefined) return <Page title={t.programs} up={up}><Load of={loaded}>{() => null}</Load></Page>;
  const app = loaded.data;
  const row = (v: api.Version | undefined, more: ReactNode = null): ReactNode => (v ? <span className="row"><span>{versionName(v)}</span>{more}{may("version.review") ? <Button size="small" type="text" onClick={() => setPreviewing(v)}>{t.preview}</Button> : null}</span> : "");
  return (
    <Page title={app.name} up={up} lead={app.summary} picture={<ProgramIcon name={app.name} src={app.icon} id={app.id} size={48} />} actions={may("version.review") ? (app.suspendedAt ? (
      <Button type="primary" loading={busy} onClick={() => void act(async () => loaded.set(await api.resumeApp(id)), t.resumed)}>{t.resume}</Button>
    ) : <Button danger onClick={() => setSuspending(true)}>{t.suspend}</Button>) : null}>
      {app.suspendedAt ? <Note tone="bad" title={t.stateSuspended}><p className="pre">{app.suspensionReason}</p></Note> : null}
      <div className="grid-2">
        <Section title={t.programs}>
          <Facts of={[["ID", <Code>{app.id}</Code>], [t.organisation, <Named name={names.of(app.organisation)} id={app.organisation} to={at("/operator/organisations/:org", { org: app.organisation })} />], [t.released, row(app.released)], [t.staged, row(app.staged, app.rollout ? <span className="chip warn">{share(app.rollout.share)}</span> : null)], [t.trialVersion, row(app.trial)], [c.created, <When at={app.createdAt} />]]} />
        </Section>
        <Section title={t.statements}><Facts of={[...Object.entries(app.privacy).map(([k, text]) => [names.privacy(k), text] as [string, ReactNode]), [t.domains, <span className="chips">{[...(app.domains.request ?? []), ...(app.domains.media ?? [])].map((d) => <span className="chip mono" key={d}>{d}</span>)}</span>]]} /></Section>
      </div>
      <FormDialog<{ reason: string }> name="suspension" open={suspending} title={t.suspendTitle(app.name)} lead={t.suspendProgramLead} close={() => setSuspending(false)} label={t.suspend} danger submit={async (v) => loaded.set(await api.suspendApp(id, v.reason))}>
        <Form.Item name="reason" label={c.reason} rules={needed()}><Input.TextArea rows={4} maxLength={500} showCount /></Form.Item>
      </FormDialog>
      <Modal open={previewing !== null} title={t.preview} footer={null} onCancel={() => setPreviewing(null)} width={460} destroyOnHidden>{previewing ? <Preview app={id} version={previewing.id} /> : null}</Modal>
    </Page>
  );
}
