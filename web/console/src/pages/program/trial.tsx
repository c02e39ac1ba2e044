// The trial version: its link and QR code, and who may open it.
import { Button, Form, Input } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/release";
import { Link, navigate } from "../../router";
import { FormDialog, needed, useAct, useConfirm } from "../../ui/form";
import { iso } from "../../ui/format";
import { Icon } from "../../ui/icons";
import { Nothing, Section, When } from "../../ui/parts";
import { DataTable } from "../../table/table";
import { commonWords } from "../../words/common";
import { programWords } from "../../words/program";
import { versionName } from "../../ui/names";
import { useProgram } from "./area";
import { LinkAndQR } from "./versions";

export function Trial(): ReactNode {
  const t = programWords();
  const { app, may, path, reload } = useProgram();
  const { act, busy } = useAct();
  const confirm = useConfirm();
  const [link, setLink] = useState<api.TrialLink | null>(null);
  const [version, setVersion] = useState(0);
  const [adding, setAdding] = useState(false);
  const upload = may("version.upload");
  const trial = app.trial;
  const add = upload ? <Button icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t.addTester}</Button> : null;
  return (
    <div className="grid-2">
      <Section title={t.trialTitle} lead={t.trialLead} actions={trial && upload ? <Button onClick={() => confirm({
        title: t.trialEndTitle, text: t.trialEndText, label: t.trialEnd, done: t.trialEnded,
        act: async () => {
          await api.endTrial(app.id);
          setLink(null);
          await reload();
        },
      })}>{t.trialEnd}</Button> : null}>
        {trial ? (
          <div className="stack">
            <p><Link className="row-link" to={path(`/versions/${encodeURIComponent(trial.id)}`)}>{versionName(trial)}</Link> {trial.notes ? <span className="faint">{trial.notes}</span> : null}</p>
            {link ? <LinkAndQR path={link.path} hint={t.trialLinkOnce} /> : upload ? <div><Button type="primary" loading={busy} onClick={() => void act(async () => setLink(await api.setTrial(app.id, trial.id)))}>{t.trialNewLink}</Button></div> : null}
          </div>
        ) : <Nothing title={t.trialNone} hint={t.trialNoneHint} action={<Button onClick={() => navigate(path(""))}>{t.versions}</Button>} />}
      </Section>
      <Section title={t.testers} lead={t.testersLead} actions={add} flush>
        <DataTable<api.Tester> id="testers" version={version} row={(x) => x.id} load={() => api.testers(app.id)} empty={{ title: t.noTesters, hint: t.noTestersHint }}
          columns={[
            { key: "name", title: t.testerName, value: (x) => x.name },
            { key: "phone", title: t.phone, value: (x) => x.phone, tight: true },
            { key: "at", title: commonWords().created, value: (x) => x.createdAt, cell: (x) => <When at={x.createdAt} />, file: (x) => iso(x.createdAt), tight: true, hidden: true },
          ]}
          {...(upload ? { actions: (x: api.Tester) => <Button size="small" type="text" onClick={() => confirm({
            title: t.removeTesterTitle(x.name), label: t.removeTester,
            act: async () => {
              await api.removeTester(app.id, x.id);
              setVersion((n) => n + 1);
            },
          })}>{t.removeTester}</Button> } : {})} />
      </Section>
      <FormDialog<{ phone: string; name: string }> name="tester" open={adding} title={t.addTester} close={() => setAdding(false)} label={t.addTester} submit={async (v) => {
        await api.addTester(app.id, v);
        setVersion((n) => n + 1);
      }}>
        <Form.Item name="phone" label={t.phone} rules={needed()}><Input inputMode="tel" autoComplete="off" maxLength={20} /></Form.Item>
        <Form.Item name="name" label={t.testerName} rules={needed()}><Input autoComplete="off" maxLength={30} /></Form.Item>
      </FormDialog>
    </div>
  );
}
