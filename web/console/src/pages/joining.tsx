// Coming into an organisation: by invitation, or by making one.
import { Button, Form, Input, Radio } from "antd";
import { useContext, type ReactNode } from "react";
import * as api from "../api/account";
import { Link, navigate } from "../router";
import { SessionContext } from "../shell/session";
import { ActionForm, needed } from "../ui/form";
import { kindName } from "../ui/names";
import { commonWords } from "../words/common";
import { doorWords } from "../words/door";
import { DoorFrame, Heading } from "./door";

export function Invitation({ token, signedIn }: { token: string; signedIn: boolean }): ReactNode {
  const t = doorWords();
  const session = useContext(SessionContext);
  const next = "?next=" + encodeURIComponent(`/invitations/${encodeURIComponent(token)}`);
  return (
    <DoorFrame>
      <Heading title={t.invitation} lead={t.invitationLead} />
      {signedIn && session ? (
        <>
          <p className="lead wrap">{t.asYou(session.me.person.login)}</p>
          <ActionForm<object> name="invitation" label={t.accept} submit={async () => {
            const { organisation } = await api.acceptInvitation(token);
            await session.reload();
            navigate(`/orgs/${encodeURIComponent(organisation)}`, true);
          }} beside={<Button type="text" onClick={() => navigate("/", true)}>{t.notNow}</Button>}>{null}</ActionForm>
        </>
      ) : (
        <>
          <p className="lead">{t.invitationSignIn}</p>
          <div className="actions"><Button type="primary" size="large" onClick={() => navigate("/sign-in" + next)}>{t.signIn}</Button><Button size="large" onClick={() => navigate("/sign-up" + next)}>{t.noAccount}</Button></div>
        </>
      )}
    </DoorFrame>
  );
}

export function NewOrganisation(): ReactNode {
  const t = doorWords();
  const session = useContext(SessionContext)!;
  return (
    <DoorFrame settings={session.settings}>
      <Heading title={t.newOrganisation} lead={t.newOrganisationLead} />
      <ActionForm<{ name: string; kind: string }> name="organisation" initial={{ kind: "merchant" }} label={t.createOrganisation} submit={async (v) => {
        const made = await api.createOrganisation(v);
        await session.reload();
        navigate(`/orgs/${encodeURIComponent(made.id)}`, true);
      }}>
        <Form.Item name="name" label={t.organisationName} extra={t.organisationNameHint} rules={needed()}><Input maxLength={60} size="large" autoFocus autoComplete="organization" /></Form.Item>
        <Form.Item name="kind" label={t.organisationKind} rules={needed()}>
          <Radio.Group className="stack" options={[
            { value: "merchant", label: <><b>{kindName("merchant")}</b> <span className="faint">{t.merchantHint}</span></> },
            { value: "isv", label: <><b>{kindName("isv")}</b> <span className="faint">{t.isvHint}</span></> },
          ]} />
        </Form.Item>
      </ActionForm>
      {session.me.memberships.length > 0 ? <div className="door-links"><Link to="/">{commonWords().back}</Link></div> : (
        <div className="door-links"><Button type="link" style={{ padding: 0 }} onClick={() => void session.leave()}>{t.otherLogin}</Button></div>
      )}
    </DoorFrame>
  );
}
