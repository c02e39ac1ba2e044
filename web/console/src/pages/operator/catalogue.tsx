// The catalogue of capabilities: what each opens and how much it is asked for; inviting programs to closed betas.
import { App as Ant, Button, Drawer, Form, Input } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/capability";
import { Link } from "../../router";
import { useOperatorMay } from "../../shell/session";
import { FormDialog, needed, useAct } from "../../ui/form";
import { Load, useLoad } from "../../ui/load";
import { Note, Nothing, Page } from "../../ui/parts";
import { capabilityWords } from "../../words/capability";
import { commonWords } from "../../words/common";
import { either } from "../../words/lang";
import { Opens, admissionName } from "../program/capabilities";

export function Catalogue(): ReactNode {
  const t = capabilityWords();
  const may = useOperatorMay();
  const { message } = Ant.useApp();
  const { act } = useAct();
  const loaded = useLoad("catalogue-page", (signal) => api.catalogue(signal));
  const [opened, open] = useState("");
  const [inviting, setInviting] = useState<api.Capability | null>(null);
  const shown = loaded.data?.items.find((i) => i.capability.name === opened)?.capability;
  return (
    <Page title={t.catalogue} lead={t.catalogueLead}>
      <Load of={loaded}>{(page) => (page.items.length === 0 ? <Nothing title={t.empty} /> : (
        <ul className="tiles">
          {page.items.map(({ capability: c, applied, granted }) => (
            <li key={c.name} className="tile">
              <div className="spread" style={{ flexWrap: "nowrap", alignItems: "flex-start" }}><h3>{either(c.title)}</h3><span className="chip">{c.stage === "announced" ? t.announced : admissionName(c)}</span></div>
              <p>{either(c.summary)}</p>
              <div className="foot">
                {may("capability.review") ? <Link to={`/operator/applications?state=applied&capability=${encodeURIComponent(c.name)}`}>{t.openApplications} {applied}</Link> : <span>{t.openApplications} {applied}</span>}
                <Link to={`/operator/grants?state=live&capability=${encodeURIComponent(c.name)}`}>{t.apps} {granted}</Link>
                <Button size="small" type="text" onClick={() => open(c.name)} aria-label={`${t.details} ${either(c.title)}`}>{t.details}</Button>
                {c.admission === "closed-beta" && c.stage === "live" && may("capability.review") ? <Button size="small" onClick={() => setInviting(c)}>{t.invite}</Button> : null}
              </div>
            </li>
          ))}
        </ul>
      ))}</Load>
      <Drawer open={shown !== undefined} onClose={() => open("")} size={Math.min(520, innerWidth)} title={shown ? either(shown.title) : ""}>
        {shown ? <div className="stack"><p>{either(shown.summary)}</p>{shown.verified ? <Note>{t.notVerified}</Note> : null}<Opens c={shown} />{shown.form.length ? <><h3>{t.answers}</h3><ul className="stack" style={{ gap: 4 }}>{shown.form.map((q) => <li key={q.key}>{either(q.words)}{q.required ? " *" : ""}</li>)}</ul></> : null}</div> : null}
      </Drawer>
      <FormDialog<{ app: string }> name="invitation" open={inviting !== null} title={inviting ? t.inviteTitle(either(inviting.title)) : ""} lead={t.inviteLead} close={() => setInviting(null)} label={t.invite} submit={async (v) => {
        await api.inviteToBeta(v.app.trim(), inviting!.name);
        void message.success(t.invited);
      }}>
        {(form) => (
          <>
            <Form.Item name="app" label={t.appId} rules={needed()}><Input className="mono" placeholder="app_…" spellCheck={false} autoComplete="off" /></Form.Item>
            <p className="dialog-lead"><Button size="small" type="text" onClick={() => {
              const app = String(form.getFieldValue("app") ?? "").trim();
              if (app) void act(() => api.uninvite(app, inviting!.name), t.uninvited);
            }}>{t.uninvite}</Button> <span className="faint small">{commonWords().optional}</span></p>
          </>
        )}
      </FormDialog>
    </Page>
  );
}
