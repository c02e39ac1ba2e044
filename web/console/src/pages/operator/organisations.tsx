// Organisations and the review of their qualification.
import { Button, Form, Input } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/account";
import { at } from "../../router";
import { useOperatorMay } from "../../shell/session";
import { DataTable } from "../../table/table";
import { FormDialog, needed, useConfirm } from "../../ui/form";
import { bytes, iso } from "../../ui/format";
import { Load, useLoad } from "../../ui/load";
import { documentName, kindName, organisationState, roleName } from "../../ui/names";
import { Code, Facts, Note, Page, Section, Status, When } from "../../ui/parts";
import { commonWords } from "../../words/common";
import { organisationWords } from "../../words/organisation";
import { operatorWords } from "../../words/operator";

const states: api.OrganisationState[] = ["new", "submitted", "verified", "rejected"];

export function Organisations(): ReactNode {
  const t = operatorWords();
  const c = commonWords();
  const may = useOperatorMay();
  return (
    <Page title={t.organisations} lead={t.organisationsLead}>
      <Section flush>
        <DataTable<api.Organisation> id="organisations" addressed row={(o) => o.id} {...(may("organisation.review") ? { to: (o: api.Organisation) => at("/operator/organisations/:org", { org: o.id }) } : {})} search={{ by: "server", hint: t.searchOrganisations }}
          filters={[{ key: "state", label: c.state, options: states.map((value) => ({ value, label: organisationState(value).name })) }]}
          load={(a) => api.organisations({ cursor: a.cursor, query: a.query, state: a.state ?? "" })} empty={{ title: t.noOrganisations }}
          columns={[
            { key: "name", title: c.name, value: (o) => o.name },
            { key: "kind", title: t.hostKind, value: (o) => kindName(o.kind), tight: true },
            { key: "state", title: c.state, value: (o) => organisationState(o.state).name, cell: (o) => <Status tone={organisationState(o.state).tone}>{organisationState(o.state).name}</Status>, tight: true },
            { key: "submission", title: t.submissionNo, value: (o) => o.submission, tight: true, end: true, hidden: true },
            { key: "changed", title: t.seen, value: (o) => o.changedAt, cell: (o) => <When at={o.changedAt} />, file: (o) => iso(o.changedAt), tight: true },
            { key: "created", title: c.created, value: (o) => o.createdAt, cell: (o) => <When at={o.createdAt} />, file: (o) => iso(o.createdAt), tight: true, hidden: true },
            { key: "id", title: "ID", value: (o) => o.id, cell: (o) => <span className="mono">{o.id}</span>, hidden: true },
          ]} />
      </Section>
    </Page>
  );
}

export function OrganisationPage({ org }: { org: string }): ReactNode {
  const t = operatorWords();
  const c = commonWords();
  const confirm = useConfirm();
  const loaded = useLoad(org, (signal) => api.qualification(org, signal));
  const [rejecting, setRejecting] = useState(false);
  const up = { to: "/operator/organisations", name: t.organisations };
  if (loaded.data === undefined) return <Page title={t.organisation} up={up}><Load of={loaded}>{() => null}</Load></Page>;
  const { organisation: o, documents, members } = loaded.data;
  const open = o.state === "submitted";
  const is = organisationState(o.state);
  const decide = async (verdict: string, reason?: string): Promise<void> => {
    await api.decideOrganisation(org, { submission: o.submission, verdict, ...(reason ? { reason } : {}) });
    await loaded.reload();
  };
  return (
    <Page title={o.name} up={up} actions={open ? (
      <>
        <Button danger onClick={() => setRejecting(true)}>{t.reject}</Button>
        <Button type="primary" onClick={() => confirm({ title: t.verifyTitle(o.name), text: t.verifyText, label: t.verify, danger: false, act: () => decide("verified"), done: t.decided })}>{t.verify}</Button>
      </>
    ) : null}>
      {o.state === "rejected" && o.reason ? <Note tone="bad" title={is.name}><p className="pre">{o.reason}</p></Note> : null}
      <div className="grid-2">
        <Section title={t.organisation}>
          <Facts of={[[c.name, o.name], [t.hostKind, kindName(o.kind)], [c.state, <Status tone={is.tone}>{is.name}</Status>], [t.submissionNo, o.submission || ""], ["ID", <Code>{o.id}</Code>], [c.created, <When at={o.createdAt} />]]} />
        </Section>
        <Section title={t.documents} lead={documents.length ? t.downloadNote : undefined}>
          {documents.length === 0 ? <p className="faint">{t.noDocuments}</p> : (
            <ul className="stack" style={{ gap: 12 }}>
              {documents.map((d) => (
                <li key={d.id} className="spread" style={{ flexWrap: "nowrap" }}><div className="grow"><div className="wrap" style={{ fontWeight: 550 }}>{d.name}</div><div className="faint small">{documentName(d.kind)} · {bytes(d.bytes)} · <When at={d.createdAt} /></div></div>
                  <Button href={api.documentAddress(org, d.id, true)} download size="small" aria-label={`${c.download} ${d.name}`}>{c.download}</Button></li>
              ))}
            </ul>
          )}
        </Section>
      </div>
      <Section title={t.members} flush>
        <DataTable<api.Member> id="organisation-members" plain row={(m) => m.person} load={async () => ({ items: members })} empty={{ title: t.members }}
          columns={[{ key: "name", title: c.name, value: (m) => m.name }, { key: "login", title: organisationWords().login, value: (m) => m.login }, { key: "role", title: organisationWords().role, value: (m) => roleName(m.role), tight: true }]} />
      </Section>
      <FormDialog<{ reason: string }> name="rejection" open={rejecting} title={t.rejectTitle(o.name)} lead={t.rejectLead} close={() => setRejecting(false)} label={t.reject} danger submit={(v) => decide("rejected", v.reason)}>
        <Form.Item name="reason" label={c.reason} rules={needed()}><Input.TextArea rows={4} maxLength={500} showCount /></Form.Item>
      </FormDialog>
    </Page>
  );
}
