// What to do next, from what there is: documents, verification, program, key, version, review, release.
import { Button } from "antd";
import type { ReactNode } from "react";
import * as account from "../../api/account";
import * as gateway from "../../api/gateway";
import * as release from "../../api/release";
import { Link, at, navigate } from "../../router";
import { useMay, useSession, membershipIn } from "../../shell/session";
import { Icon } from "../../ui/icons";
import { Load, useLoad } from "../../ui/load";
import { organisationState } from "../../ui/names";
import { Page, ProgramIcon, Section, Status, When } from "../../ui/parts";
import { actorName, targetName } from "../../ui/detail";
import { useNames } from "../../ui/known";
import { actionName } from "../../words/actions";
import { organisationWords } from "../../words/organisation";
import { versionState } from "../program/states";

type Facts = { organisation: account.Organisation; documents: number; apps: release.App[]; keys: number; newest: release.Version | null };
type Step = { key: string; title: string; hint: string; done: boolean; to: string; may: boolean; /** the way goes on without it */ optional?: boolean };

async function look(org: string, may: (p: string) => boolean, signal: AbortSignal): Promise<Facts> {
  const [organisation, documents, apps] = await Promise.all([account.organisation(org, signal), may("document.read") ? account.documents(org, signal) : null, release.apps(org, signal)]);
  const app = focus(apps.items);
  const [keys, versions] = app ? await Promise.all([may("key.read") ? gateway.keys(app.id, signal) : { items: [] }, release.versions(app.id, "", 20)]) : [{ items: [] }, { items: [] }];
  const order = ["released", "approved", "in-review", "rejected", "development"];
  const newest = [...versions.items].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))[0] ?? null;
  return {
    organisation,
    // Who may not see documents knows of them by what became of the organisation.
    documents: documents ? documents.items.length : Number(organisation.state !== "new"),
    apps: apps.items,
    keys: keys.items.filter((k) => k.state === "live").length,
    newest,
  };
}

/** The program the steps are about: the one that came furthest. */
const focus = (apps: release.App[]): release.App | undefined => [...apps].sort((a, b) => Number(!!b.released) - Number(!!a.released) || b.lastNumber - a.lastNumber || b.createdAt - a.createdAt)[0];

export function Overview({ org }: { org: string }): ReactNode {
  const t = organisationWords();
  const may = useMay(org);
  const { me } = useSession();
  const name = membershipIn(me, org)?.name ?? "";
  const loaded = useLoad(org, (signal) => look(org, may, signal));
  return (
    <Page title={name}>
      <Load of={loaded} rows={8}>{(f) => {
        const steps = stepsOf(f, org, may);
        const done = steps.filter((s) => s.done).length;
        const now = steps.find((s) => !s.done && !s.optional);
        return (
          <div className={may("audit.read") || f.apps.length ? "grid-side" : "stack"}>
            <div className="stack">
              <Section title={t.next} lead={now ? t.nextLead(done, steps.length) : done === steps.length ? t.allDone : t.allNeeded} flush>
                <ol className="steps">
                  {steps.map((s, i) => (
                    <li key={s.key} className={s.done ? "done" : s === now ? "now" : ""} aria-current={s === now ? "step" : undefined} data-step={s.key}>
                      <span className="mark" aria-hidden="true">{s.done ? <Icon name="done" size={14} /> : i + 1}</span>
                      <div><h3>{s.title}{s.optional && !s.done ? <span className="optional">{t.optional}</span> : null}</h3>{s.done ? null : <p className="wrap">{s.hint}</p>}</div>
                      <div className="actions">{!s.done && s.may ? <Button type={s === now ? "primary" : "text"} size={s === now ? "middle" : "small"} onClick={() => navigate(s.to)} aria-label={`${t.go}: ${s.title}`}>{t.go}</Button> : null}</div>
                    </li>
                  ))}
                </ol>
              </Section>
            </div>
            <div className="stack">
              {f.apps.length ? (
                <Section title={t.programs} actions={<Link to={at("/orgs/:org/apps", { org })}>{t.programs} ›</Link>}>
                  <ul className="stack" style={{ gap: 12 }}>
                    {f.apps.slice(0, 6).map((a) => (
                      <li key={a.id}><Link className="with-icon" style={{ color: "inherit" }} to={at("/orgs/:org/apps/:app", { org, app: a.id })}><ProgramIcon name={a.name} src={a.icon} id={a.id} size={36} /><div><b style={{ fontWeight: 550 }}>{a.name}</b><small><AppLine app={a} /></small></div></Link></li>
                    ))}
                  </ul>
                </Section>
              ) : null}
              {may("audit.read") ? <Recent org={org} /> : null}
            </div>
          </div>
        );
      }}</Load>
    </Page>
  );
}

function AppLine({ app }: { app: release.App }): ReactNode {
  const shown = app.suspendedAt ? versionState("suspended") : app.released ? { ...versionState("released"), name: `${versionState("released").name} #${app.released.number}` } : versionState("none");
  return <Status tone={shown.tone}>{shown.name}</Status>;
}

function Recent({ org }: { org: string }): ReactNode {
  const t = organisationWords();
  const names = useNames(org);
  const loaded = useLoad(org, () => account.audit(org, "", 6));
  return (
    <Section title={t.recent} actions={<Link to={at("/orgs/:org/audit", { org })}>{t.audit} ›</Link>}>
      <Load of={loaded}>{(page) => (page.items.length ? (
        <ol className="timeline">{page.items.map((e) => <li key={e.id}><div><div className="wrap">{actionName(e.action)}{e.target.startsWith("ses_") ? null : <span className="faint"> {targetName(e, names)}</span>}</div><div className="faint small">{actorName(e, names, t.platform)} · <When at={e.at} /></div></div></li>)}</ol>
      ) : <p className="faint">{t.auditEmpty}</p>)}</Load>
    </Section>
  );
}

function stepsOf(f: Facts, org: string, may: (p: string) => boolean): Step[] {
  const t = organisationWords();
  const o = f.organisation;
  const app = focus(f.apps);
  const details = at("/orgs/:org/organisation", { org });
  const program = app ? at("/orgs/:org/apps/:app", { org, app: app.id }) : at("/orgs/:org/apps", { org });
  const state = f.newest?.state;
  const verified = { new: t.stepVerifiedNew, submitted: t.stepVerifiedWait, verified: organisationState("verified").name, rejected: t.stepVerifiedBad(o.reason) }[o.state];
  return [
    { key: "documents", title: t.stepDocuments, hint: t.stepDocumentsHint, done: f.documents > 0 || o.state === "verified", to: details, may: may("organisation.write") },
    { key: "verified", title: t.stepVerified, hint: verified, done: o.state === "verified", to: details, may: may("organisation.write") && o.state !== "submitted" },
    { key: "app", title: t.stepApp, hint: t.stepAppHint, done: f.apps.length > 0, to: at("/orgs/:org/new-app", { org }), may: may("program.write") },
    { key: "key", title: t.stepKey, hint: t.stepKeyHint, optional: true, // it is for CI: who uploads here does without
      done: f.keys > 0 || (!may("key.read") && f.newest !== null), to: app ? program + "/keys" : program, may: may("key.manage") && !!app },
    { key: "upload", title: t.stepUpload, hint: t.stepUploadHint, done: f.newest !== null, to: program, may: may("version.upload") && !!app },
    { key: "submit", title: t.stepSubmit, hint: t.stepSubmitHint, done: state === "in-review" || state === "approved" || state === "released", to: program, may: may("version.submit") && f.newest !== null },
    { key: "release", title: t.stepRelease, hint: t.stepReleaseHint, done: !!app?.released || app?.rollout?.state === "active", to: program + "/release", may: may("version.release") && (state === "approved" || state === "released") },
  ];
}
