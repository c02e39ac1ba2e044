// Releasing: to a share, to more, to everybody; stopping; rolling back; what happened.
import { Button, Modal, Radio, Select, Slider } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import { all } from "../../api/client";
import * as api from "../../api/release";
import { Link, useLocation } from "../../router";
import { useAct, useConfirm } from "../../ui/form";
import { share } from "../../ui/format";
import { Load, useLoad } from "../../ui/load";
import { Note, Nothing, Section, Status, When } from "../../ui/parts";
import { commonWords } from "../../words/common";
import { programWords } from "../../words/program";
import { versionName } from "../../ui/names";
import { useProgram } from "./area";

export function Release(): ReactNode {
  const t = programWords();
  const { app, may, path, reload } = useProgram();
  const { query } = useLocation();
  const versions = useLoad(app.id + "/versions", () => all((cursor) => api.versions(app.id, cursor, 100), 500));
  const history = useLoad(app.id + "/releases", () => api.releases(app.id, ""));
  const [rollingBack, setRollingBack] = useState(false);
  const changed = async (): Promise<void> => {
    await Promise.all([reload(), versions.reload(), history.reload()]);
  };
  const active = app.rollout?.state === "active" && app.staged ? app.rollout : null;
  const release = may("version.release") && !app.suspendedAt;
  const earlier = (versions.data ?? []).filter((v) => v.outAt > 0 && v.id !== app.released?.id).sort((a, b) => b.outAt - a.outAt);
  return (
    <div className="grid-side">
      <div className="stack">
        <Section title={t.current} actions={release && app.released ? <Button onClick={() => setRollingBack(true)} disabled={earlier.length === 0} title={earlier.length === 0 ? t.noEarlier : undefined}>{t.rollBack}</Button> : null}>
          {app.released ? (
            <div className="spread"><Status tone="good"><Link className="row-link" to={path(`/versions/${encodeURIComponent(app.released.id)}`)}>{versionName(app.released)}</Link></Status><span className="faint">{active ? share(api.everybody - active.share) : t.everybody} · <When at={app.releasedAt} /></span></div>
          ) : <p className="faint">{t.currentNone}</p>}
          {active ? <div className="bar" style={{ marginTop: 14 }} role="img" aria-label={`${t.staged}: ${share(active.share)}`}><i style={{ width: `${active.share / 10_000}%` }} /></div> : null}
        </Section>
        {active ? <Staged rollout={active} staged={app.staged!} changed={changed} may={release} /> : release ? (
          <Section title={t.release} lead={t.releaseLead}>
            <Load of={versions}>{(list) => <Start list={list} asked={query.get("version") ?? ""} changed={changed} />}</Load>
          </Section>
        ) : null}
      </div>
      <Section title={t.history}>
        <Load of={history}>{(page) => (page.items.length === 0 ? <p className="faint">{t.historyEmpty}</p> : <ol className="timeline">{page.items.map((r) => <li key={r.id}><div><Step of={r} /></div></li>)}</ol>)}</Load>
      </Section>
      <RollBack open={rollingBack} close={() => setRollingBack(false)} earlier={earlier} stops={active !== null} changed={changed} />
    </div>
  );
}

function Step({ of: r }: { of: api.ReleaseRecord }): ReactNode {
  const t = programWords();
  const v = r.versionNumber ? versionName({ number: r.versionNumber, label: r.label }) : "";
  const says: Record<api.ReleaseRecord["step"], string> = {
    published: t.stepPublished + " " + v, staged: t.stepStaged(v, share(r.share)), raised: t.stepRaised(v, share(r.share)), released: t.stepReleased(v), stopped: t.stepStopped(v),
    "rolled-back": t.stepRolledBack(v), suspended: t.stepSuspended, resumed: t.stepResumed,
  };
  return (
    <>
      <div className="wrap">{says[r.step] ?? r.step}</div>
      <div className="faint small"><When at={r.at} />{r.previousNumber && r.previous !== r.version ? ` · ${t.before("#" + r.previousNumber)}` : ""}</div>
      {r.reason ? <div className="faint small pre">{r.reason}</div> : null}
    </>
  );
}

/** The steps a share may take; a slider that knows them alone. */
function ShareSlider({ value, set, above }: { value: number; set: (v: number) => void; above: number }): ReactNode {
  const t = programWords();
  const steps = api.shares.filter((s) => s > above);
  const index = Math.max(0, steps.indexOf(value));
  return (
    <div style={{ padding: "0 18px 12px" }}>
      <Slider min={0} max={Math.max(1, steps.length - 1)} step={null} value={steps.length === 1 ? 1 : index} disabled={steps.length === 1} onChange={(i) => set(steps[i] ?? steps.at(-1)!)} tooltip={{ open: false }} ariaLabelForHandle={t.share}
        ariaValueTextFormatterForHandle={(i) => share(steps[i] ?? steps.at(-1)!)} marks={Object.fromEntries(steps.map((s, i) => [steps.length === 1 ? 1 : i, share(s)]))} />
    </div>
  );
}

function Start({ list, asked, changed }: { list: api.Version[]; asked: string; changed: () => Promise<void> }): ReactNode {
  const t = programWords();
  const { app } = useProgram();
  const { act, busy } = useAct();
  const confirm = useConfirm();
  const ready = list.filter((v) => (v.state === "approved" || v.state === "released") && v.id !== app.released?.id);
  const [chosen, choose] = useState(ready.find((v) => v.id === asked)?.id ?? ready[0]?.id ?? "");
  const [ppm, setPpm] = useState(app.released ? api.shares[2]! : api.everybody);
  useEffect(() => {
    if (!ready.some((v) => v.id === chosen)) choose(ready[0]?.id ?? "");
  }, [ready, chosen]);
  const v = ready.find((x) => x.id === chosen);
  if (!v) return <Nothing title={t.nothingApproved} hint={t.nothingApprovedHint} />;
  const go = async (): Promise<void> => {
    await api.startRollout(app.id, { version: v.id, share: ppm });
    await changed();
  };
  return (
    <div className="stack">
      <label className="stack" style={{ gap: 6 }}><b style={{ fontWeight: 500 }}>{t.chooseVersion}</b>
        <Select aria-label={t.chooseVersion} value={v.id} onChange={choose} options={ready.map((x) => ({ value: x.id, label: versionName(x) + (x.notes ? " · " + x.notes.slice(0, 60) : "") }))} />
        <span className="faint small">{t.chooseVersionHint}</span>
      </label>
      <div><b style={{ fontWeight: 500 }}>{t.share}</b><ShareSlider value={ppm} set={setPpm} above={0} /></div>
      <div><Button type="primary" loading={busy} onClick={() => (ppm === api.everybody ? confirm({ title: t.startAllTitle, text: t.startAllText(versionName(v)), label: t.startAll, danger: false, act: go, done: t.started }) : void act(go, t.started))}>{ppm === api.everybody ? t.startAll : `${t.start} · ${share(ppm)}`}</Button></div>
    </div>
  );
}

function Staged({ rollout, staged, changed, may }: { rollout: api.Rollout; staged: api.Version; changed: () => Promise<void>; may: boolean }): ReactNode {
  const t = programWords();
  const { app, path } = useProgram();
  const { act, busy } = useAct();
  const confirm = useConfirm();
  const next = api.shares.find((s) => s > rollout.share) ?? api.everybody;
  const [ppm, setPpm] = useState(next);
  const wanted = ppm > rollout.share ? ppm : next;
  const raise = async (): Promise<void> => {
    await api.raiseRollout(app.id, wanted);
    await changed();
  };
  return (
    <Section title={t.staged} lead={t.stagedHint(share(rollout.share))} actions={may ? <Button danger onClick={() => confirm({
      title: t.stopTitle, text: t.stopText, label: t.stop, done: t.stopped,
      act: async () => {
        await api.stopRollout(app.id);
        await changed();
      },
    })}>{t.stop}</Button> : null}>
      <div className="stack">
        <div className="spread"><Status tone="busy"><Link className="row-link" to={path(`/versions/${encodeURIComponent(staged.id)}`)}>{versionName(staged)}</Link></Status><span className="faint">{share(rollout.share)} · <When at={rollout.changedAt} /></span></div>
        {may ? (
          <>
            <div><b style={{ fontWeight: 500 }}>{t.raise}</b><ShareSlider value={wanted} set={setPpm} above={rollout.share} /></div>
            <div><Button type="primary" loading={busy} onClick={() => (wanted === api.everybody ? confirm({ title: t.startAllTitle, text: t.startAllText(versionName(staged)), label: t.startAll, danger: false, act: raise, done: t.raised }) : void act(raise, t.raised))}>{wanted === api.everybody ? t.startAll : `${t.raise} · ${share(wanted)}`}</Button></div>
          </>
        ) : null}
      </div>
    </Section>
  );
}

function RollBack({ open, close, earlier, stops, changed }: { open: boolean; close: () => void; earlier: api.Version[]; stops: boolean; changed: () => Promise<void> }): ReactNode {
  const t = programWords();
  const { app } = useProgram();
  const { act, busy } = useAct();
  const [chosen, choose] = useState("");
  const v = earlier.find((x) => x.id === chosen) ?? earlier[0];
  return (
    <Modal open={open} title={t.rollBack} onCancel={close} destroyOnHidden footer={[
      <Button key="cancel" onClick={close}>{commonWords().cancel}</Button>,
      <Button key="go" type="primary" danger loading={busy} disabled={!v} onClick={() => void act(async () => {
        await api.rollBack(app.id, v!.id);
        close();
        await changed();
      }, t.rolledBack)}>{v ? t.rollBackTo(versionName(v)) : t.rollBack}</Button>,
    ]}>
      <div className="stack">
        <p className="faint">{t.rollBackLead}</p>
        {stops ? <Note tone="warn">{t.rollBackStops}</Note> : null}
        {earlier.length === 0 ? <p>{t.noEarlier}</p> : (
          <Radio.Group className="stack" style={{ gap: 8 }} value={v?.id} onChange={(e) => choose(e.target.value as string)} options={earlier.slice(0, 20).map((x) => ({ value: x.id, label: <span><b style={{ fontWeight: 550 }}>{versionName(x)}</b> <span className="faint"><When at={x.outAt} /></span>{x.notes ? <span className="faint"> · {x.notes}</span> : null}</span> }))} />
        )}
      </div>
    </Modal>
  );
}
