// Host apps: registering, keys, what they show.
import { Button, Form, Input, Modal, Radio, Select } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/operator";
import * as release from "../../api/release";
import { at } from "../../router";
import { DataTable } from "../../table/table";
import { FormDialog, needed, useAct } from "../../ui/form";
import { day, iso } from "../../ui/format";
import { Icon } from "../../ui/icons";
import { Load, useLoad } from "../../ui/load";
import { Code, Facts, Note, Page, Section, Status, When } from "../../ui/parts";
import { commonWords } from "../../words/common";
import { keyWords } from "../../words/keys";
import { operatorWords } from "../../words/operator";
import { useNames } from "../../ui/known";
import { Overlap } from "../../ui/overlap";

const lines = (text: string | undefined): string[] => (text ?? "").split("\n").map((s) => s.trim()).filter(Boolean);
const kindName = (k: api.HostKind): string => {
  const t = operatorWords();
  return { web: t.kindWeb, android: t.kindAndroid, ios: t.kindIos, harmony: t.kindHarmony }[k] ?? k;
};
const stateOf = (h: api.Host): ReactNode => (h.state === "live" ? <Status tone="good">{operatorWords().live}</Status> : <Status tone="bad">{operatorWords().suspended}</Status>);

export function Hosts(): ReactNode {
  const t = operatorWords();
  const c = commonWords();
  const [version, setVersion] = useState(0);
  const [adding, setAdding] = useState(false);
  const [issued, setIssued] = useState<api.IssuedHost | null>(null);
  const add = <Button type="primary" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>{t.registerHost}</Button>;
  return (
    <Page title={t.hosts} lead={t.hostsLead} actions={add}>
      <Section flush>
        <DataTable<api.Host> id="hosts" addressed version={version} row={(h) => h.id} to={(h) => at("/operator/hosts/:host", { host: h.id })} load={(a) => api.hosts(a.cursor)} search={{ by: "here", hint: c.search }} empty={{ title: t.noHosts, action: add }}
          columns={[
            { key: "name", title: t.hostName, value: (h) => h.name, cell: (h) => <>{h.name} {h.builtin ? <span className="chip">{t.builtin}</span> : null}</> },
            { key: "kind", title: t.hostKind, value: (h) => kindName(h.kind), tight: true },
            { key: "state", title: c.state, value: (h) => h.state, cell: stateOf, tight: true },
            { key: "programs", title: t.hostPrograms, value: (h) => (h.all ? t.allPrograms : t.chosen), tight: true },
            { key: "key", title: t.publishableKey, value: (h) => h.publishableKey, cell: (h) => <Code>{h.publishableKey}</Code> },
            { key: "created", title: c.created, value: (h) => h.createdAt, cell: (h) => <When at={h.createdAt} />, file: (h) => iso(h.createdAt), tight: true, hidden: true },
          ]} />
      </Section>
      <FormDialog<{ name: string; kind: api.HostKind; origins?: string }> name="host" open={adding} title={t.registerHost} close={() => setAdding(false)} initial={{ kind: "web" }} label={t.registerHost} submit={async (v) => {
        setIssued(await api.createHost({ name: v.name, kind: v.kind, origins: lines(v.origins) }));
        setVersion((n) => n + 1);
      }}>
        <Form.Item name="name" label={t.hostName} rules={needed()}><Input maxLength={40} /></Form.Item>
        <Form.Item name="kind" label={t.hostKind} rules={needed()}><Radio.Group options={(["web", "android", "ios", "harmony"] as const).map((value) => ({ value, label: kindName(value) }))} /></Form.Item>
        <Form.Item name="origins" label={t.origins} extra={t.originsHint}><Input.TextArea className="mono" autoSize={{ minRows: 2, maxRows: 8 }} spellCheck={false} /></Form.Item>
      </FormDialog>
      <HostSecret issued={issued} close={() => setIssued(null)} />
    </Page>
  );
}

function HostSecret({ issued, close }: { issued: api.IssuedHost | null; close: () => void }): ReactNode {
  const t = operatorWords();
  return (
    <Modal open={issued !== null} title={issued?.host.name} onCancel={close} closable={false} mask={{ closable: false }} keyboard={false} footer={<Button type="primary" onClick={close}>{commonWords().close}</Button>} destroyOnHidden>
      {issued ? <div className="stack"><Note tone="warn">{t.secretOnce}</Note><Facts of={[[t.publishableKey, <Code wide>{issued.host.publishableKey}</Code>], [keyWords().secret, <Code wide>{issued.secret}</Code>]]} /></div> : null}
    </Modal>
  );
}

export function HostPage({ id }: { id: string }): ReactNode {
  const t = operatorWords();
  const c = commonWords();
  const { act, busy } = useAct();
  const loaded = useLoad(id, (signal) => api.host(id, signal));
  const [dialog, setDialog] = useState<"change" | "rotate" | "suspend" | "">("");
  const [issued, setIssued] = useState<api.IssuedHost | null>(null);
  const up = { to: "/operator/hosts", name: t.hosts };
  if (loaded.data === undefined) return <Page title={t.hosts} up={up}><Load of={loaded}>{() => null}</Load></Page>;
  const { host, apps, secrets } = loaded.data;
  const close = (): void => setDialog("");
  return (
    <Page title={host.name} up={up} lead={stateOf(host)} actions={(
      <>
        <Button onClick={() => setDialog("change")}>{t.changeHost}</Button>
        {host.state === "live" ? <Button danger onClick={() => setDialog("suspend")}>{t.suspend}</Button> : <Button type="primary" loading={busy} onClick={() => void act(async () => {
          await api.resumeHost(id);
          await loaded.reload();
        }, t.resumed)}>{t.resume}</Button>}
      </>
    )}>
      {host.reason ? <Note tone="bad" title={t.suspended}><p className="pre">{host.reason}</p></Note> : null}
      <div className="grid-2">
        <Section title={t.hosts}>
          <Facts of={[["ID", <Code>{host.id}</Code>], [t.hostKind, kindName(host.kind)], [t.publishableKey, <Code>{host.publishableKey}</Code>], [t.origins, host.origins.length ? <span className="chips">{host.origins.map((o) => <span className="chip mono" key={o}>{o}</span>)}</span> : ""], [c.created, <When at={host.createdAt} />]]} />
        </Section>
        {host.builtin ? null : <Section title={t.secrets} lead={t.secretsLead} actions={<Button onClick={() => setDialog("rotate")}>{t.rotate}</Button>}>
          <ul className="stack" style={{ gap: 8 }}>{secrets.map((s) => <li key={s.id} className="spread"><code>{s.id}</code><span className="faint">{s.expiresAt ? t.validUntil(day(s.expiresAt)) : t.current}</span></li>)}</ul>
        </Section>}
      </div>
      <HostPrograms key={`${host.all}${apps.join()}`} host={host} apps={apps} saved={loaded.reload} />
      <FormDialog<{ name: string; origins?: string }> name="host" open={dialog === "change"} title={t.changeHost} close={close} initial={{ name: host.name, origins: host.origins.join("\n") }} label={c.save} submit={async (v) => {
        await api.changeHost(id, { name: v.name, origins: lines(v.origins) });
        await loaded.reload();
      }}>
        <Form.Item name="name" label={t.hostName} rules={needed()}><Input maxLength={40} /></Form.Item>
        <Form.Item name="origins" label={t.origins} extra={t.originsHint}><Input.TextArea className="mono" autoSize={{ minRows: 2, maxRows: 8 }} spellCheck={false} /></Form.Item>
      </FormDialog>
      <FormDialog<{ overlap: number }> name="rotation" open={dialog === "rotate"} title={t.rotate} lead={t.secretsLead} close={close} initial={{ overlap: 86_400 }} label={t.rotate} submit={async (v) => {
        setIssued(await api.rotateHost(id, v.overlap));
        await loaded.reload();
      }}><Overlap most={30} /></FormDialog>
      <FormDialog<{ reason: string }> name="suspension" open={dialog === "suspend"} title={t.suspendTitle(host.name)} lead={t.suspendHostLead} close={close} label={t.suspend} danger submit={async (v) => {
        await api.suspendHost(id, v.reason);
        await loaded.reload();
      }}><Form.Item name="reason" label={c.reason} rules={needed()}><Input.TextArea rows={4} maxLength={500} showCount /></Form.Item></FormDialog>
      <HostSecret issued={issued} close={() => setIssued(null)} />
    </Page>
  );
}

/** Which programs a host shows. */
function HostPrograms({ host, apps, saved }: { host: api.Host; apps: string[]; saved: () => Promise<void> }): ReactNode {
  const t = operatorWords();
  const c = commonWords();
  const { act, busy } = useAct();
  const [all, setAll] = useState(host.all);
  const [chosen, setChosen] = useState(apps);
  const [words, setWords] = useState("");
  const found = useLoad(`programs ${words}`, () => release.allApps({ query: words, limit: 20 }));
  const names = useNames("");
  const name = (id: string): string => names.of(id) ?? id;
  return (
    <Section title={t.hostPrograms} lead={t.hostProgramsLead}>
      <div className="stack">
        <Radio.Group className="stack" style={{ gap: 8 }} value={all} onChange={(e) => setAll(e.target.value as boolean)} options={[{ value: true, label: t.allNow }, { value: false, label: t.chosen }]} />
        {all ? null : (
          <>
            {chosen.length ? <ul className="chips">{chosen.map((id) => <li className="chip" key={id}>{name(id)}<button type="button" className="tool small" aria-label={`${t.remove} ${name(id)}`} onClick={() => setChosen(chosen.filter((x) => x !== id))}><Icon name="close" size={14} /></button></li>)}</ul> : null}
            <Select<string> className="find" showSearch={{ filterOption: false, onSearch: setWords }} aria-label={t.addProgram} placeholder={`${t.addProgram} · ${t.findProgram}`} value={null} loading={found.data === undefined} onChange={(id) => {
              setChosen([...chosen, id]);
              setWords("");
            }} options={(found.data?.items ?? []).filter((a) => !chosen.includes(a.id)).map((a) => ({ value: a.id, label: <span>{a.name} <code className="faint small">{a.id}</code></span> }))} />
          </>
        )}
        <div><Button type="primary" loading={busy} disabled={all === host.all && chosen.join() === apps.join()} onClick={() => void act(async () => {
          await api.releaseToHost(host.id, { all, apps: all ? [] : chosen });
          await saved();
        }, c.saved)}>{c.save}</Button></div>
      </div>
    </Section>
  );
}
