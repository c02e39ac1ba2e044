// Which page an address is. Areas that few people open, and what is large, are fetched when they are opened.
import { Spin } from "antd";
import { Component, lazy, Suspense, useCallback, useEffect, useState, type ReactNode } from "react";
import * as api from "./api/account";
import { Problem, whenSignedOut } from "./api/client";
import { match, navigate, useLocation, type Params } from "./router";
import { lastOrganisation, maySignedIn, operatorOf, rememberOrganisation, rememberSignedIn, SessionContext, type Signed } from "./shell/session";
import { Shell } from "./shell/shell";
import { Authorise } from "./pages/authorise";
import { Door, doors } from "./pages/door";
import { Invitation, NewOrganisation } from "./pages/joining";
import { Trouble } from "./ui/load";
import { forgetNames } from "./ui/known";
import { Nothing, Page } from "./ui/parts";
import { commonWords } from "./words/common";
import { locale, useLang } from "./words/lang";
import { shellWords } from "./words/shell";

const OrganisationArea = lazy(() => import("./pages/organisation/area"));
const ProgramArea = lazy(() => import("./pages/program/area"));
const OperatorArea = lazy(() => import("./pages/operator/area"));
const Reference = lazy(() => import("./pages/reference/page"));
const Self = lazy(() => import("./pages/self"));

type State = { is: "starting" } | { is: "out" } | { is: "failed"; problem: unknown } | { is: "in"; me: api.Me };

export function App(): ReactNode {
  const lang = useLang();
  const { path, query } = useLocation();
  const [state, setState] = useState<State>({ is: "starting" });
  const [settings, setSettings] = useState<api.Settings>({});
  useEffect(() => {
    document.documentElement.lang = locale();
  }, [lang]);
  useEffect(() => {
    if (state.is === "out") forgetNames();
  }, [state.is]);

  const reload = useCallback(async (): Promise<void> => {
    try {
      const me = await api.me();
      rememberSignedIn(true);
      setState({ is: "in", me });
    } catch (problem) {
      if (problem instanceof Problem && problem.status === 401) {
        rememberSignedIn(false);
        setState({ is: "out" });
      }
      else setState((s) => (s.is === "in" ? s : { is: "failed", problem }));
    }
  }, []);
  useEffect(() => {
    whenSignedOut(() => {
      rememberSignedIn(false);
      setState({ is: "out" });
    });
    void api.settings().then(setSettings, () => {}); // without them the console works all the same
    if (maySignedIn()) void reload();
    else setState({ is: "out" });
  }, [reload]);

  const open = doors.includes(path) || path.startsWith("/invitations/") || path.startsWith("/reference");
  useEffect(() => {
    // Back to where one was going, once signed in.
    if (state.is === "out" && !open) navigate("/sign-in" + (path === "/" ? "" : "?next=" + encodeURIComponent(path + (query.size ? "?" + query : ""))), true);
  }, [state.is, open, path, query]);

  const waiting = <div className="door"><div /><div className="nothing" role="status" aria-label={shellWords().starting}><Spin size="large" /></div></div>;
  if (state.is === "starting") return waiting;
  if (state.is === "failed") return <div className="door"><div /><Trouble problem={state.problem} retry={reload} /></div>;
  if (doors.includes(path)) return <Door path={path} settings={settings} signedIn={state.is === "in"} entered={reload} />;
  if (state.is === "out") {
    if (path.startsWith("/reference")) return <Suspense fallback={waiting}><Reference outside /></Suspense>;
    const invitation = match("/invitations/:token", path);
    if (invitation) return <Invitation token={invitation.token!} signedIn={false} />;
    return waiting;
  }
  const signed: Signed = {
    me: state.me, settings, reload,
    leave: async (gone = false) => {
      if (!gone) await api.signOut().catch(() => {}); // gone already is gone
      rememberSignedIn(false);
      setState({ is: "out" });
      navigate("/sign-in", true);
    },
  };
  return <SessionContext value={signed}><Inside path={path} signed={signed} /></SessionContext>;
}

/** Reads an address: the area, the organisation it is about, and what is on the page. */
function Inside({ path, signed }: { path: string; signed: Signed }): ReactNode {
  const { me } = signed;
  const remembered = me.memberships.find((m) => m.organisation === lastOrganisation() && m.kind !== "operator") ?? me.memberships.find((m) => m.kind !== "operator");
  const operator = operatorOf(me);
  useEffect(() => {
    if (path !== "/") return;
    if (operator && (!remembered || lastOrganisation() === operator.organisation)) navigate("/operator", true);
    else navigate(remembered ? `/orgs/${encodeURIComponent(remembered.organisation)}` : "/new-organisation", true);
  }, [path, operator, remembered]);

  const parts = path.split("/").filter(Boolean);
  const params: Params | null = parts[0] === "orgs" && parts[1] ? match("/orgs/:org", `/orgs/${parts[1]}`) : null;
  const inOperator = parts[0] === "operator";
  const org = params?.org ?? "";
  useEffect(() => {
    if (org) rememberOrganisation(org);
    if (inOperator && operator) rememberOrganisation(operator.organisation);
  }, [org, inOperator, operator]);

  if (path === "/new-organisation") return <NewOrganisation />;
  if (path === "/authorise") return <Authorise />;
  const invitation = match("/invitations/:token", path);
  if (invitation) return <Invitation token={invitation.token!} signedIn />;

  let page: ReactNode = path === "/" ? null : <NotFound />;
  if (parts[0] === "me") page = <Self path={path} />;
  else if (parts[0] === "reference") page = <Reference />;
  else if (inOperator && operator) page = <OperatorArea path={path} />;
  else if (org && me.memberships.some((m) => m.organisation === org)) page = parts[2] === "apps" && parts[3] ? <ProgramArea path={path} org={org} /> : <OrganisationArea path={path} org={org} />;
  // A page outside of an organisation stands beside the one that was looked at last.
  const around = org || (inOperator ? "" : remembered?.organisation ?? "");
  return (
    <Shell org={around} operator={inOperator || (around === "" && !!operator)}>
      <Fence at={path}><Suspense fallback={<div className="page"><div className="bones" /></div>}>{page}</Suspense></Fence>
    </Shell>
  );
}

export function NotFound(): ReactNode {
  const t = commonWords();
  return <Page title={t.notFound}><Nothing title={t.notFound} hint={t.notFoundHint} /></Page>;
}

/** Keeps the frame standing when a page fails to draw or its file cannot be fetched: after an update, old names are gone. */
class Fence extends Component<{ at: string; children: ReactNode }, { failed: unknown }> {
  override state: { failed: unknown } = { failed: null };
  static getDerivedStateFromError(failed: unknown): { failed: unknown } {
    return { failed };
  }
  override componentDidUpdate(before: { at: string }): void {
    if (before.at !== this.props.at && this.state.failed !== null) this.setState({ failed: null });
  }
  override render(): ReactNode {
    return this.state.failed === null ? this.props.children : <Trouble problem={this.state.failed} retry={() => location.reload()} />;
  }
}
