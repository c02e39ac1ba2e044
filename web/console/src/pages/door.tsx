// Signing in, signing up, another password: pages for people who are outside.
import { Button, Form, Input } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import * as api from "../api/account";
import { Link, comeBack, navigate, useLocation } from "../router";
import { Controls } from "../shell/controls";
import { ActionForm, needed } from "../ui/form";
import { Seal } from "../ui/icons";
import { Note } from "../ui/parts";
import { commonWords } from "../words/common";
import { doorWords } from "../words/door";
import { lang } from "../words/lang";
import { platformName } from "../shell/session";

export const doors = ["/sign-in", "/sign-up", "/reset-password"];

type Props = { path: string; settings: api.Settings; signedIn: boolean; entered: () => Promise<void> };

export function Door({ path, settings, signedIn, entered }: Props): ReactNode {
  const { query } = useLocation();
  const next = comeBack(query.get("next"));
  useEffect(() => {
    if (signedIn) navigate(next, true);
  }, [signedIn, next]);
  const keep = query.get("next") ? "?next=" + encodeURIComponent(next) : "";
  const page = { path, settings, keep, entered };
  return <DoorFrame settings={settings}>{path === "/sign-in" ? <SignIn {...page} /> : path === "/sign-up" ? <SignUp {...page} /> : <Reset {...page} />}</DoorFrame>;
}

export function DoorFrame({ settings, children }: { settings?: api.Settings; children: ReactNode }): ReactNode {
  return (
    <div className="door">
      <div className="door-top"><Controls /></div>
      <main className="door-box"><div className="brand"><Seal size={32} />{platformName(settings)}</div>{children}</main>
    </div>
  );
}

export function Heading({ title, lead }: { title: string; lead?: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${title} · ${commonWords().console}`;
  }, [title]);
  return <><h1>{title}</h1>{lead ? <p className="lead">{lead}</p> : null}</>;
}

type Inner = { settings: api.Settings; keep: string; entered: () => Promise<void> };

function SignIn({ settings, keep, entered }: Inner): ReactNode {
  const t = doorWords();
  return (
    <>
      <Heading title={t.signIn} lead={t.signInLead} />
      <ActionForm<{ login: string; password: string }> name="sign-in" label={t.signIn} submit={async (v) => {
        await api.signIn(v.login, v.password);
        await entered();
      }}>
        <Form.Item name="login" label={t.login} rules={needed()}><Input autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus size="large" /></Form.Item>
        <Form.Item name="password" label={t.password} rules={needed()}><Input.Password autoComplete="current-password" size="large" /></Form.Item>
      </ActionForm>
      <div className="door-links"><Link to={"/sign-up" + keep}>{t.noAccount}</Link><Link to={"/reset-password" + keep}>{t.forgot}</Link></div>
      {settings.demo ? <p className="door-demo">{t.demoAccounts}</p> : null}
    </>
  );
}

function SignUp({ settings, keep, entered }: Inner): ReactNode {
  const t = doorWords();
  const [sent, setSent] = useState<Sent | null>(null);
  return (
    <>
      <Heading title={t.signUp} lead={sent ? undefined : t.signUpLead} />
      {settings.selfSignUp === false && !sent ? <div className="demo-code"><Note tone="warn">{t.inviteOnly}</Note></div> : null}
      {sent ? (
        <>
          <SentTo sent={sent} settings={settings} again={async () => setSent({ ...sent, challenge: await api.startSignUp(sent.login, lang()), at: Date.now() })} other={() => setSent(null)} />
          <ActionForm<{ code: string; name: string; password: string }> name="sign-up" label={t.create} submit={async (v) => {
            await api.finishSignUp(sent.challenge.id, v);
            await entered();
          }}>
            <CodeField />
            <Form.Item name="name" label={t.yourName} extra={t.yourNameHint} rules={needed()}><Input autoComplete="name" maxLength={40} size="large" /></Form.Item>
            <PasswordField label={t.password} />
          </ActionForm>
        </>
      ) : <LoginForm name="sign-up-login" begin={async (login) => setSent({ login, challenge: await api.startSignUp(login, lang()), at: Date.now() })} />}
      <div className="door-links"><Link to={"/sign-in" + keep}>{t.haveAccount}</Link></div>
    </>
  );
}

function Reset({ settings, keep, entered }: Inner): ReactNode {
  const t = doorWords();
  const [sent, setSent] = useState<Sent | null>(null);
  return (
    <>
      <Heading title={t.reset} lead={sent ? undefined : t.resetLead} />
      {sent ? (
        <>
          <SentTo sent={sent} settings={settings} again={async () => setSent({ ...sent, challenge: await api.startReset(sent.login, lang()), at: Date.now() })} other={() => setSent(null)} />
          <ActionForm<{ code: string; password: string }> name="reset" label={t.resetSubmit} submit={async (v) => {
            await api.finishReset(sent.challenge.id, v);
            await entered();
          }}>
            <CodeField />
            <PasswordField label={t.newPassword} />
          </ActionForm>
        </>
      ) : <LoginForm name="reset-login" begin={async (login) => setSent({ login, challenge: await api.startReset(login, lang()), at: Date.now() })} />}
      <div className="door-links"><Link to={"/sign-in" + keep}>{t.haveAccount}</Link></div>
    </>
  );
}

type Sent = { login: string; challenge: api.Challenge; at: number };

function LoginForm({ name, begin }: { name: string; begin: (login: string) => Promise<void> }): ReactNode {
  const t = doorWords();
  return (
    <ActionForm<{ login: string }> name={name} label={t.sendCode} submit={(v) => begin(v.login.trim())}>
      <Form.Item name="login" label={t.login} rules={needed()}><Input autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus size="large" /></Form.Item>
    </ActionForm>
  );
}

const CodeField = (): ReactNode => {
  const t = doorWords();
  return <Form.Item name="code" label={t.code} extra={t.codeHint} rules={needed()}><Input inputMode="numeric" autoComplete="one-time-code" maxLength={12} autoFocus size="large" className="mono" /></Form.Item>;
};

export const PasswordField = ({ label }: { label: string }): ReactNode => (
  <Form.Item name="password" label={label} extra={doorWords().passwordHint} rules={needed()}><Input.Password autoComplete="new-password" maxLength={128} size="large" /></Form.Item>
);

/** Where the code went; in the demo, the code itself, and that nothing was really sent. */
function SentTo({ sent, settings, again, other }: { sent: Sent; settings: api.Settings; again: () => Promise<void>; other: () => void }): ReactNode {
  const t = doorWords();
  const [message, setMessage] = useState<api.DemoMessage | null>(null);
  const [busy, setBusy] = useState(false);
  const demo = settings.demo === true;
  useEffect(() => {
    if (!demo) return;
    setMessage(null);
    let alive = true;
    const look = async (): Promise<void> => {
      const found = await api.demoMessages(sent.login).catch(() => []);
      const newest = found.filter((m) => m.at >= sent.at - 5_000).sort((a, b) => b.at - a.at)[0];
      if (alive && newest) setMessage(newest);
      else if (alive) timer = setTimeout(() => void look(), 500);
    };
    let timer = setTimeout(() => void look(), 100);
    return () => {
      alive = false;
      clearTimeout(timer);
    };
  }, [demo, sent]);
  return (
    <>
      <p className="lead">{t.signUpAnswer} <b className="wrap">{sent.login}</b>
        <br /><Button type="link" size="small" style={{ paddingInline: 0, marginInlineEnd: 12 }} loading={busy} onClick={() => {
          setBusy(true);
          void again().catch(() => {}).finally(() => setBusy(false));
        }}>{t.resend}</Button><Button type="link" size="small" style={{ paddingInline: 0 }} onClick={other}>{t.otherLogin}</Button></p>
      {demo ? (
        <div className="demo-code"><Note tone="warn" title={t.demo}>
          {message ? (message.code ? <>{t.demoCode}<br /><b id="demo-code">{message.code}</b></> : message.text) : t.demoWaiting}
        </Note></div>
      ) : null}
    </>
  );
}
