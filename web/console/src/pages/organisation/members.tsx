// Who belongs to an organisation, who is invited, and what each role may do.
import { Button, Form, Input, Modal, Radio } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/account";
import { base, navigate } from "../../router";
import { membershipIn, useMay, useSession } from "../../shell/session";
import { FormDialog, needed, useConfirm } from "../../ui/form";
import { roleHint, roleName } from "../../ui/names";
import { Load, useLoad } from "../../ui/load";
import { Code, Note, Page, Section, When } from "../../ui/parts";
import { iso } from "../../ui/format";
import { Icon } from "../../ui/icons";
import { DataTable } from "../../table/table";
import { commonWords } from "../../words/common";
import { organisationWords, permissionWords } from "../../words/organisation";

export function Members({ org }: { org: string }): ReactNode {
  const t = organisationWords();
  const may = useMay(org);
  const { me, reload, settings } = useSession();
  const confirm = useConfirm();
  const [version, setVersion] = useState(0);
  const [inviting, setInviting] = useState(false);
  const [invited, setInvited] = useState<api.Invited | null>(null);
  const [changing, setChanging] = useState<api.Member | null>(null);
  const manage = may("member.manage");
  const again = (): void => setVersion((v) => v + 1);
  return (
    <Page title={t.members} lead={t.membersLead} actions={manage ? <Button type="primary" icon={<Icon name="plus" />} onClick={() => setInviting(true)}>{t.invite}</Button> : null}>
      <Section flush>
        <DataTable<api.Member> id="members" addressed version={version} row={(m) => m.person} load={() => api.members(org)} search={{ by: "here", hint: t.searchLoaded }}
          filters={[{ key: "role", label: t.role, options: api.roles.map((value) => ({ value, label: roleName(value) })), test: (m, v) => m.role === v }]}
          empty={{ title: t.members }}
          columns={[
            { key: "person", title: t.person, value: (m) => m.name, cell: (m) => <span><b style={{ fontWeight: 550 }}>{m.name}</b>{m.person === me.person.id ? <span className="faint"> · {t.you}</span> : null}</span> },
            { key: "login", title: t.login, value: (m) => m.login },
            { key: "role", title: t.role, value: (m) => roleName(m.role), tight: true },
            { key: "joined", title: t.joined, value: (m) => m.joinedAt, cell: (m) => <When at={m.joinedAt} />, file: (m) => iso(m.joinedAt), tight: true },
            { key: "id", title: "ID", value: (m) => m.person, cell: (m) => <span className="mono">{m.person}</span>, hidden: true },
          ]}
          actions={(m) => {
            const self = m.person === me.person.id;
            return (
              <>
                {manage ? <Button size="small" type="text" onClick={() => setChanging(m)}>{t.changeRole}</Button> : null}
                {self ? <Button size="small" type="text" onClick={() => confirm({
                  title: t.leaveTitle, text: t.leaveText, label: t.leave,
                  act: async () => {
                    await api.removeMember(org, m.person);
                    await reload();
                    navigate("/", true);
                  },
                })}>{t.leave}</Button> : manage ? <Button size="small" type="text" onClick={() => confirm({
                  title: t.removeTitle(m.name), text: t.removeText, label: t.removeMember, done: t.removed,
                  act: async () => {
                    await api.removeMember(org, m.person);
                    again();
                  },
                })}>{t.removeMember}</Button> : null}
              </>
            );
          }} />
      </Section>
      {manage ? <Invitations org={org} version={version} changed={again} /> : null}
      <Roles org={org} />
      <FormDialog<{ login: string; role: api.Role }> name="invite" open={inviting} title={t.invite} lead={t.inviteLead} close={() => setInviting(false)} initial={{ role: "developer" }} label={t.sendInvitation} submit={async (v) => {
        setInvited(await api.invite(org, v.login.trim(), v.role));
        again();
      }}>
        <Form.Item name="login" label={t.login} rules={needed()}><Input autoComplete="off" autoCapitalize="none" spellCheck={false} /></Form.Item>
        <RoleField />
      </FormDialog>
      <FormDialog<{ role: api.Role }> name="role" open={changing !== null} title={changing ? t.changeRoleOf(changing.name) : ""} close={() => setChanging(null)} initial={{ role: changing?.role ?? "readonly" }} label={commonWords().save} submit={async (v) => {
        await api.setRole(org, changing!.person, v.role);
        if (changing!.person === me.person.id) await reload();
        again();
      }}><RoleField /></FormDialog>
      <Modal open={invited !== null} title={t.invited} footer={<Button type="primary" onClick={() => setInvited(null)}>{commonWords().close}</Button>} onCancel={() => setInvited(null)} destroyOnHidden>
        {invited ? (
          <div className="stack">
            <p>{invited.delivered ? t.invitedDelivered(invited.login) : t.invitedNotDelivered(invited.login)}</p>
            {settings.demo ? <Note tone="warn">{t.invitedDemo}</Note> : null}
            <Code wide>{`${location.origin}${base}/invitations/${encodeURIComponent(invited.token)}`}</Code>
          </div>
        ) : null}
      </Modal>
    </Page>
  );
}

const RoleField = (): ReactNode => (
  <Form.Item name="role" label={organisationWords().role} rules={needed()}>
    <Radio.Group className="stack" style={{ gap: 10 }} options={api.roles.map((value) => ({ value, label: <span><b style={{ fontWeight: 550 }}>{roleName(value)}</b><br /><span className="faint small">{roleHint(value)}</span></span> }))} />
  </Form.Item>
);

function Invitations({ org, version, changed }: { org: string; version: number; changed: () => void }): ReactNode {
  const t = organisationWords();
  const confirm = useConfirm();
  const [some, setSome] = useState(false);
  const table = (
    <DataTable<api.Invitation> id="invitations" plain version={version} row={(i) => i.id} empty={{ title: "" }}
      load={async () => {
        const page = await api.invitations(org);
        setSome(page.items.length > 0);
        return page;
      }}
      columns={[
        { key: "login", title: t.login, value: (i) => i.login },
        { key: "role", title: t.role, value: (i) => roleName(i.role), tight: true },
        { key: "expires", title: t.expires, value: (i) => i.expiresAt, cell: (i) => <When at={i.expiresAt} />, file: (i) => iso(i.expiresAt), tight: true },
      ]}
      actions={(i) => <Button size="small" type="text" onClick={() => confirm({
        title: t.withdrawTitle(i.login), text: t.withdrawText, label: t.withdraw, done: t.withdrawn,
        act: async () => {
          await api.withdrawInvitation(org, i.id);
          changed();
        },
      })}>{t.withdraw}</Button>} />
  );
  // Nobody invited needs no empty table.
  return <div hidden={!some}><Section title={t.invitations} flush>{table}</Section></div>;
}

/** What permissions are about, by the first word of their names. */
const areas: { title: () => string; of: string[] }[] = [
  { title: () => organisationWords().areaOrganisation, of: ["organisation", "document", "member", "audit"] },
  { title: () => organisationWords().areaPrograms, of: ["program", "version", "capability"] },
  { title: () => organisationWords().areaServers, of: ["key", "webhook"] },
  { title: () => organisationWords().areaBusiness, of: ["trade", "money", "growth", "conversation"] },
];

/** The matrix of what each role may do with what; of one's own role alone for the operator, whose rights are of another kind. */
function Roles({ org }: { org: string }): ReactNode {
  const t = organisationWords();
  const names = permissionWords() as Record<string, string>;
  const { me } = useSession();
  const own = membershipIn(me, org);
  const loaded = useLoad("roles", (signal) => api.roleTable(signal));
  if (!own) return null;
  const order = Object.keys(names);
  const inOrder = (list: string[]): string[] => [...new Set(list)].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  if (own.kind === "operator") return <Section title={t.matrixOwn}><ul className="chips">{inOrder(own.permissions).map((p) => <li className="chip" key={p}>{names[p] ?? p}</li>)}</ul></Section>;
  return (
    <Section title={t.matrix} lead={t.matrixLead(roleName(own.role))} flush>
      <Load of={loaded}>{({ items }) => {
        const all = inOrder(items.flatMap((r) => r.permissions));
        const about = (p: string): number => areas.findIndex((a) => a.of.includes(p.split(".")[0]!)); // -1: the server knows of more than we do
        const groups = [...areas.map((a, i) => ({ title: a.title(), of: all.filter((p) => about(p) === i) })), { title: t.areaOther, of: all.filter((p) => about(p) < 0) }].filter((g) => g.of.length > 0);
        return (
          <div className="scroll-x">
            <table className="matrix roles">
              <thead><tr><th scope="col"><span className="sr">{t.matrix}</span></th>{items.map((r) => <th key={r.role} scope="col" className={r.role === own.role ? "own" : undefined} aria-label={roleName(r.role)}><span>{roleName(r.role)}</span></th>)}</tr></thead>
              {groups.map((g) => (
                <tbody key={g.title}>
                  <tr className="area"><th colSpan={items.length + 1} scope="colgroup">{g.title}</th></tr>
                  {g.of.map((p) => <tr key={p}><th scope="row">{names[p] ?? p}</th>{items.map((r) => <td key={r.role} className={r.role === own.role ? "own" : undefined}>{r.permissions.includes(p) ? <><Icon name="done" size={16} /><span className="sr">{commonWords().yes}</span></> : <span className="sr">{commonWords().no}</span>}</td>)}</tr>)}
                </tbody>
              ))}
            </table>
          </div>
        );
      }}</Load>
    </Section>
  );
}
