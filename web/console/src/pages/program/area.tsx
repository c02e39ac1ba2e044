// The pages of one mini program.
import { createContext, useContext, type ReactNode } from "react";
import * as api from "../../api/release";
import { at, match } from "../../router";
import { useMay, type May } from "../../shell/session";
import { Load, useLoad } from "../../ui/load";
import { Note, Page, ProgramIcon, Status, Tabs } from "../../ui/parts";
import { NotFound } from "../../app";
import { versionName } from "../../ui/names";
import { programWords } from "../../words/program";
import { share } from "../../ui/format";
import { Capabilities } from "./capabilities";
import { Keys } from "./keys";
import { Release } from "./release";
import { Settings } from "./settings";
import { Trial } from "./trial";
import { VersionPage } from "./version";
import { Versions } from "./versions";
import { Webhooks } from "./webhooks";
import { WebhookPage } from "./webhook";

type Here = { app: api.App; org: string; may: May; reload: () => Promise<void>; set: (app: api.App) => void; path: (rest: string) => string };
const Context = createContext<Here | null>(null);

/** The program whose pages one is on. */
export function useProgram(): Here {
  const here = useContext(Context);
  if (!here) throw new Error("a page of a program stands outside of it");
  return here;
}

export default function ProgramArea({ path, org }: { path: string; org: string }): ReactNode {
  const parts = path.split("/").filter(Boolean);
  const id = match("/orgs/:org/apps/:app", "/" + parts.slice(0, 4).join("/"))?.app ?? "";
  return <Program key={id} id={id} org={org} path={path} />;
}

function Program({ id, org, path }: { id: string; org: string; path: string }): ReactNode {
  const t = programWords();
  const may = useMay(org);
  const loaded = useLoad(id, (signal) => api.app(id, signal));
  const root = at("/orgs/:org/apps/:app", { org, app: id });
  const to = (rest: string): string => root + rest;
  const tabs = [
    { to: to(""), name: t.versions }, { to: to("/trial"), name: t.trial }, { to: to("/release"), name: t.release }, { to: to("/capabilities"), name: t.capabilities },
    ...(may("key.read") ? [{ to: to("/keys"), name: t.keys }] : []), ...(may("webhook.read") ? [{ to: to("/webhooks"), name: t.webhooks }] : []), { to: to("/settings"), name: t.settings },
  ];
  // A page below a tab belongs to it.
  const tab = tabs.slice(1).find((x) => path === x.to || path.startsWith(x.to + "/"))?.to ?? tabs[0]!.to;
  if (loaded.data === undefined) return <Page title={t.programs}><Load of={loaded}>{() => null}</Load></Page>;
  const app = loaded.data;
  const is = (pattern: string): Record<string, string> | null => match("/orgs/:org/apps/:app" + pattern, path);
  const version = is("/versions/:version"), hook = is("/webhooks/:hook");
  let page: ReactNode;
  if (is("")) page = <Versions />;
  else if (version) page = <VersionPage key={version.version} id={version.version!} />;
  else if (is("/trial")) page = <Trial />;
  else if (is("/release")) page = <Release />;
  else if (is("/capabilities")) page = <Capabilities />;
  else if (is("/keys") && may("key.read")) page = <Keys />;
  else if (is("/webhooks") && may("webhook.read")) page = <Webhooks />;
  else if (hook && may("webhook.read")) page = <WebhookPage key={hook.hook} id={hook.hook!} />;
  else if (is("/settings")) page = <Settings />;
  else return <NotFound />;
  return (
    <Context value={{ app, org, may, reload: loaded.reload, set: loaded.set, path: to }}>
      <Page title={app.name} up={{ to: at("/orgs/:org/apps", { org }), name: t.programs }} picture={<ProgramIcon name={app.name} src={app.icon} id={app.id} size={48} />} lead={<span className="row"><span className="mono">{app.id}</span><AppState app={app} /></span>}>
        {app.suspendedAt ? <Note tone="bad" title={t.suspendedTitle}><p className="pre">{app.suspensionReason}</p></Note> : null}
        <Tabs of={tabs} at={tab} label={app.name} />
        <div className="stack">{page}</div>
      </Page>
    </Context>
  );
}

/** Where a program stands, in a few words. */
export function AppState({ app }: { app: api.App }): ReactNode {
  const t = programWords();
  if (app.suspendedAt) return <Status tone="bad">{t.suspended}</Status>;
  return (
    <>
      {app.released ? <Status tone="good">{t.online} {versionName(app.released)}</Status> : <Status tone="idle">{t.notOut}</Status>}
      {app.rollout?.state === "active" && app.staged ? <Status tone="busy">{versionName(app.staged)} · {t.nowStaged(share(app.rollout.share))}</Status> : null}
    </>
  );
}
