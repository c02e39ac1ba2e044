// The frame around every page of somebody who is signed in: organisation, navigation, account.
import { Drawer, type MenuProps } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Menu } from "../ui/menu";
import { Link, navigate, useLocation } from "../router";
import { kindName, roleName } from "../ui/names";
import { Icon, Seal, type IconName } from "../ui/icons";
import { commonWords } from "../words/common";
import { shellWords } from "../words/shell";
import { Controls } from "./controls";
import { membershipIn, operatorOf, platformName, useSession } from "./session";

type Item = { to: string; name: string; icon: IconName; needs?: string; /** pages below it that light it up */ below?: boolean };

export function Shell({ org, operator, children }: { org: string; operator: boolean; children: ReactNode }): ReactNode {
  const t = commonWords();
  const words = shellWords();
  const { path } = useLocation();
  const [menu, setMenu] = useState(false);
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    setMenu(false);
    window.scrollTo(0, 0);
    // Who reads with a screen reader hears where one is; who uses the keyboard goes on from the top of the page.
    main.current?.focus({ preventScroll: true });
  }, [path]);
  const side = <Side org={org} operator={operator} />;
  return (
    <>
      <a className="skip" href="#main" onClick={(e) => {
        e.preventDefault();
        main.current?.focus();
      }}>{t.skip}</a>
      <div className="shell">
        <aside className="side">{side}</aside>
        <div className="body">
          <header className="top">
            <button type="button" className="tool only-phone" aria-label={words.menu} onClick={() => setMenu(true)}><Icon name="menu" size={20} /></button>
            <span className="grow" />
            <Controls />
            <Account />
          </header>
          <main id="main" tabIndex={-1} ref={main}>{children}</main>
        </div>
      </div>
      <Drawer open={menu} onClose={() => setMenu(false)} placement="left" size={290} title={words.navigation}>
        <div className="side in-drawer">{side}</div>
      </Drawer>
    </>
  );
}

function Side({ org, operator }: { org: string; operator: boolean }): ReactNode {
  const t = shellWords();
  const { me, settings } = useSession();
  const here = operator ? operatorOf(me) : membershipIn(me, org);
  const may = new Set(here?.permissions ?? []);
  const o = `/orgs/${encodeURIComponent(org)}`;
  const groups: { title?: string; items: Item[] }[] = operator
    ? [
        { items: [{ to: "/operator", name: t.overview, icon: "home" }] },
        { title: t.work, items: [
          { to: "/operator/organisations", name: t.organisations, icon: "building", below: true },
          { to: "/operator/reviews", name: t.reviews, icon: "review", below: true },
          { to: "/operator/applications", name: t.applications, icon: "gem", needs: "capability.review", below: true },
        ] },
        { title: t.directory, items: [
          { to: "/operator/programs", name: t.programs, icon: "apps", below: true },
          { to: "/operator/grants", name: t.grants, icon: "done", below: true },
          { to: "/operator/capabilities", name: t.capabilities, icon: "book" },
          { to: "/operator/hosts", name: t.hosts, icon: "device", needs: "host.manage", below: true },
          { to: "/operator/consumers", name: t.consumers, icon: "people", needs: "consumer.manage", below: true },
          { to: "/operator/plans", name: t.plans, icon: "card" },
        ] },
        { title: t.platform, items: [
          { to: "/operator/members", name: t.members, icon: "person" },
          { to: "/operator/settings", name: t.settings, icon: "gear", needs: "platform.configure" },
          { to: "/operator/audit", name: t.platformAudit, icon: "log", needs: "platform.audit" },
          { to: "/operator/health", name: t.health, icon: "pulse" },
        ] },
      ]
    : [
        { items: [
          { to: o, name: t.overview, icon: "home" },
          { to: o + "/apps", name: t.programs, icon: "apps", below: true },
        ] },
        { title: t.organisationGroup, items: [
          { to: o + "/organisation", name: t.organisation, icon: "building" },
          { to: o + "/members", name: t.members, icon: "people" },
          { to: o + "/audit", name: t.audit, icon: "log", needs: "audit.read" },
        ] },
      ];
  const { path } = useLocation();
  return (
    <>
      <Link className="brand" to="/"><Seal /><span>{platformName(settings)}</span></Link>
      <Switcher org={org} operator={operator} />
      <nav aria-label={t.navigation}>
        {here || operator ? groups.map((g, i) => {
          const items = g.items.filter((item) => !item.needs || may.has(item.needs));
          return items.length === 0 ? null : (
            <div key={i}>
              {g.title ? <h2>{g.title}</h2> : null}
              {items.map((item) => <Link key={item.to} to={item.to} aria-current={path === item.to || (item.below && path.startsWith(item.to + "/")) ? "page" : undefined}><Icon name={item.icon} />{item.name}</Link>)}
            </div>
          );
        }) : null}
        <div>
          <h2>{t.develop}</h2>
          <Link to="/reference" aria-current={path.startsWith("/reference") ? "page" : undefined}><Icon name="book" />{t.reference}</Link>
          <a href="/app/" target="_blank" rel="noopener"><Icon name="out" />{t.openHost}</a>
        </div>
      </nav>
    </>
  );
}

function Switcher({ org, operator }: { org: string; operator: boolean }): ReactNode {
  const t = shellWords();
  const { me } = useSession();
  const now = operator ? operatorOf(me) : membershipIn(me, org);
  const items: MenuProps["items"] = [
    ...me.memberships.map((m) => ({ key: m.organisation, label: <span className="wrap">{m.name} <span className="faint small">{roleName(m.role)}</span></span>, onClick: () => navigate(m.kind === "operator" ? "/operator" : `/orgs/${encodeURIComponent(m.organisation)}`) })),
    { type: "divider" },
    { key: "new", label: t.newOrganisation, icon: <Icon name="plus" size={16} />, onClick: () => navigate("/new-organisation") },
  ];
  return (
    <Menu menu={{ items, selectedKeys: now ? [now.organisation] : [] }}>
      <button type="button" className="switcher" aria-haspopup="menu" aria-label={`${t.switchOrganisation}: ${now?.name ?? t.noOrganisation}`}>
        <span className="grow"><b>{now?.name ?? t.noOrganisation}</b>{now ? <small>{kindName(now.kind)} · {roleName(now.role)}</small> : null}</span><Icon name="down" size={16} />
      </button>
    </Menu>
  );
}

function Account(): ReactNode {
  const t = shellWords();
  const { me, leave } = useSession();
  const items: MenuProps["items"] = [
    { key: "profile", label: t.profile, onClick: () => navigate("/me") },
    { key: "security", label: t.security, onClick: () => navigate("/me/security") },
    { key: "activity", label: t.activity, onClick: () => navigate("/me/activity") },
    { type: "divider" },
    { key: "leave", label: t.signOut, icon: <Icon name="leave" size={16} />, onClick: () => void leave() },
  ];
  return (
    <Menu menu={{ items }}>
      <button type="button" className="account" id="account" aria-haspopup="menu" aria-label={`${t.account}: ${me.person.name}`}><Icon name="person" /><span>{me.person.name}</span></button>
    </Menu>
  );
}
