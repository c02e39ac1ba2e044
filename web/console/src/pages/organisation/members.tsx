// Who belongs to an organisation, who is invited, and what each role may do.
import { Button, Form, Input, Modal, Radio } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/account";
import { base, navigate } from "../../router";
import { membershipIn, useMay, useSession } from "../../shell/session";
import { FormDialog, needed, useConfirm } from "../../ui/form";
import { roleHint, roleName } from "../../ui/names";
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

/** The matrix of roles where the platform tells it; of one's own role otherwise. */
function Roles({ org }: { org: string }): ReactNode {
  const t = organisationWords();
  const names = permissionWords() as Record<string, string>;
  const { me, settings } = useSession();
  const own = membershipIn(me, org);
  if (!own) return null;
  const table: Partial<Record<api.Role, string[]>> = settings.roles && own.kind !== "operator" ? settings.roles : { [own.role]: own.permissions };
  const shown = api.roles.filter((r) => table[r]);
  const permissions = [...new Set(shown.flatMap((r) => table[r]!))].filter((p) => names[p]);
  const order = Object.keys(names);
  permissions.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return (
    <Section title={shown.length > 1 ? t.matrix : t.matrixOwn}>
      {shown.length > 1 ? (
        <div className="scroll-x">
          <table className="matrix">
            <thead><tr><th /><>{shown.map((r) => <th key={r} scope="col">{roleName(r)}</th>)}</></tr></thead>
            <tbody>{permissions.map((p) => <tr key={p}><th scope="row">{names[p]}</th>{shown.map((r) => <td key={r}>{table[r]!.includes(p) ? <><Icon name="done" /><span className="sr">{commonWords().yes}</span></> : <span className="sr">{commonWords().no}</span>}</td>)}</tr>)}</tbody>
          </table>
        </div>
      ) : <ul className="chips">{permissions.map((p) => <li className="chip" key={p}>{names[p]}</li>)}</ul>}
    </Section>
  );
}
