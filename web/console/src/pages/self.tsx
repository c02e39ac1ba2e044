// One's own account: profile, password, sessions, what one did.
import { App as Ant, Button, Form, Input, Radio } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../api/account";
import { NotFound } from "../app";
import { useSession } from "../shell/session";
import { DataTable } from "../table/table";
import { Entries } from "../ui/entries";
import { ActionForm, needed, useConfirm } from "../ui/form";
import { iso } from "../ui/format";
import { browserName } from "../ui/names";
import { Facts, Page, Section, Tabs, When } from "../ui/parts";
import { commonWords } from "../words/common";
import { setLang, type Lang } from "../words/lang";
import { selfWords } from "../words/self";
import { PasswordField } from "./door";

export default function Self({ path }: { path: string }): ReactNode {
  const t = selfWords();
  const { me } = useSession();
  const pages: Record<string, ReactNode> = { "/me": <Profile />, "/me/security": <Security />, "/me/activity": <Section flush><Entries id="my-activity" load={(cursor) => api.ownAudit(cursor)} /></Section> };
  const page = pages[path];
  if (!page) return <NotFound />;
  return (
    <Page title={t.title} lead={me.person.login} narrow={path !== "/me/activity"}>
      <Tabs label={t.title} at={path} of={[{ to: "/me", name: t.profile }, { to: "/me/security", name: t.security }, { to: "/me/activity", name: t.activity }]} />
      <div className="stack">{page}</div>
    </Page>
  );
}

function Profile(): ReactNode {
  const t = selfWords();
  const { me, reload } = useSession();
  const { message } = Ant.useApp();
  return (
    <Section title={t.profile}>
      <div className="stack">
        <Facts of={[[t.login, me.person.login], ["ID", <span className="mono">{me.person.id}</span>], [t.since, <When at={me.person.createdAt} />]]} />
        <ActionForm<{ name: string; language: Lang }> name="profile" initial={{ name: me.person.name, language: me.person.language }} label={commonWords().save} submit={async (v) => {
          await api.setProfile(v);
          setLang(v.language);
          await reload();
          void message.success(commonWords().saved);
        }}>
          <Form.Item name="name" label={t.name} rules={needed()}><Input maxLength={40} autoComplete="name" /></Form.Item>
          <Form.Item name="language" label={t.language} extra={t.languageHint} rules={needed()}><Radio.Group options={[{ value: "zh", label: "中文" }, { value: "en", label: "English" }]} /></Form.Item>
        </ActionForm>
      </div>
    </Section>
  );
}

function Security(): ReactNode {
  const t = selfWords();
  const { me, leave } = useSession();
  const { message } = Ant.useApp();
  const confirm = useConfirm();
  const [version, setVersion] = useState(0);
  return (
    <>
      <Section title={t.password} lead={t.passwordLead}>
        <ActionForm<{ current: string; password: string }> key={version} name="password" label={t.changePassword} submit={async (v) => {
          await api.changePassword(v);
          setVersion((n) => n + 1);
          void message.success(t.passwordChanged);
        }}>
          <input type="text" autoComplete="username" value={me.person.login} readOnly hidden />
          <Form.Item name="current" label={t.current} rules={needed()}><Input.Password autoComplete="current-password" size="large" /></Form.Item>
          <PasswordField label={t.newPassword} />
        </ActionForm>
      </Section>
      <Section title={t.sessions} lead={t.sessionsLead} flush actions={<Button danger onClick={() => confirm({ title: t.everywhereTitle, text: t.everywhereText, label: t.everywhere, act: async () => {
        await api.signOutEverywhere();
        await leave(true);
      } })}>{t.everywhere}</Button>}>
        <DataTable<api.Session> id="sessions" plain version={version} row={(s) => s.id} load={() => api.sessions()} empty={{ title: t.sessions }}
          columns={[
            { key: "agent", title: t.browser, value: (s) => browserName(s.agent), cell: (s) => <span title={s.agent}>{browserName(s.agent)}{s.current ? <> <span className="chip good">{t.thisOne}</span></> : null}</span> },
            { key: "address", title: t.address, value: (s) => s.address, tight: true },
            { key: "seen", title: t.seen, value: (s) => s.seenAt, cell: (s) => <When at={s.seenAt} />, file: (s) => iso(s.seenAt), tight: true },
            { key: "created", title: t.begun, value: (s) => s.createdAt, cell: (s) => <When at={s.createdAt} />, file: (s) => iso(s.createdAt), tight: true, hidden: true },
          ]} />
      </Section>
    </>
  );
}
