// Letting the key of somebody else act for a program of ours, as /oauth2/to_login asks it.
import { Button, Form, Select } from "antd";
import { useContext, type ReactNode } from "react";
import * as api from "../api/jos";
import * as release from "../api/release";
import { navigate, useLocation } from "../router";
import { SessionContext } from "../shell/session";
import { ActionForm, needed } from "../ui/form";
import { Load, useLoad } from "../ui/load";
import { Facts, Id, Note, Nothing } from "../ui/parts";
import { lang } from "../words/lang";
import { josWords } from "../words/jos";
import { DoorFrame, Heading } from "./door";

export function Authorise(): ReactNode {
  const t = josWords();
  const { me, settings } = useContext(SessionContext)!;
  const { query } = useLocation();
  const appKey = query.get("app_key") ?? "", redirectUri = query.get("redirect_uri") ?? "", state = query.get("state") ?? "";
  const loaded = useLoad(`${appKey} ${redirectUri}`, async (signal) => {
    const mine = me.memberships.filter((m) => m.permissions.includes("key.manage"));
    const [question, ...lists] = await Promise.all([api.question({ app_key: appKey, redirect_uri: redirectUri }, signal), ...mine.map((m) => release.apps(m.organisation, signal))]);
    return { question, apps: lists.flatMap((l) => l.items) };
  });
  return (
    <DoorFrame settings={settings}>
      {appKey === "" || redirectUri === "" ? <><Heading title={t.title} /><Note tone="bad">{t.incomplete}</Note></> : (
        <Load of={loaded}>{({ question: q, apps }) => {
          const own = apps.filter((a) => a.id !== q.app);
          return (
            <>
              <Heading title={t.title} lead={t.lead(q.keyName || q.key)} />
              <div className="stack" style={{ marginBottom: 20 }}>
                <Facts of={[[t.by, <Id copy>{q.app}</Id>], [t.organisation, <Id copy>{q.organisation}</Id>], [t.wants, <ul className="stack" style={{ gap: 6 }}>{q.scopes.map((s) => <li key={s.name}>{lang() === "zh" ? s.titleZh : s.title} <span className="chip mono">{s.name}</span></li>)}</ul>]]} />
                <Note tone="warn">{t.trust}</Note>
              </div>
              {own.length === 0 ? <Nothing title={t.noApps} hint={t.noAppsHint} /> : (
                <ActionForm<{ app: string }> name="authorise" label={t.allow} beside={<Button onClick={() => navigate("/", true)}>{t.refuse}</Button>} submit={async (v) => {
                  const { redirect } = await api.authorise(v.app, { appKey, redirectUri, ...(state ? { state } : {}) });
                  location.assign(redirect); // the server has it from its own list of addresses
                }}>
                  <Form.Item name="app" label={t.app} extra={t.appHint} rules={needed()}><Select size="large" placeholder={t.choose} options={own.map((a) => ({ value: a.id, label: `${a.name} · ${me.memberships.find((m) => m.organisation === a.organisation)?.name ?? ""}` }))} /></Form.Item>
                  <p className="faint small" style={{ marginBottom: 12 }}>{t.back(hostOf(q.redirectUri))}</p>
                </ActionForm>
              )}
            </>
          );
        }}</Load>
      )}
    </DoorFrame>
  );
}

function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
}
