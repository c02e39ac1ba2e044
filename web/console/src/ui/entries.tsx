// Audit entries as a table: of an organisation, of the platform, of oneself.
import type { ReactNode } from "react";
import type { Entry } from "../api/account";
import type { Page } from "../api/client";
import { Link } from "../router";
import { membershipIn, useSession } from "../shell/session";
import { DataTable, type Column } from "../table/table";
import { actionName } from "../words/actions";
import { organisationWords } from "../words/organisation";
import { actorName, details, detailText, pageOf, targetName, type Told } from "./detail";
import { iso } from "./format";
import { useNames } from "./known";
import { Id, When } from "./parts";

/** org is whose pages links lead to: an organisation, "" for the operator, undefined for that of each entry. */
export function Entries({ id, load, withOrganisation, org }: { id: string; load: (cursor: string) => Promise<Page<Entry>>; withOrganisation?: boolean; org?: string }): ReactNode {
  const t = organisationWords();
  const { me } = useSession();
  const names = useNames(org ?? me.memberships.find((m) => m.kind !== "operator")?.organisation ?? "");
  const whose = (e: Entry): string => org ?? (membershipIn(me, e.organisation)?.kind === "operator" ? "" : e.organisation);
  const nameOf = (of: string): string => names.of(of) ?? of;
  const columns: Column<Entry>[] = [
    { key: "what", title: t.what, value: (e) => actionName(e.action) },
    { key: "at", title: t.at, value: (e) => e.at, cell: (e) => <When at={e.at} />, file: (e) => iso(e.at), tight: true },
    { key: "who", title: t.who, value: (e) => actorName(e, names, t.platform), cell: (e) => <Who e={e} name={actorName(e, names, t.platform)} /> },
    { key: "target", title: t.target, value: (e) => targetName(e, names) ?? e.target, cell: (e) => (e.target.includes("_") ? <Named name={targetName(e, names)} id={e.target} to={pageOf(e.target, e, whose(e))} /> : <span className="faint">—</span>), file: (e) => [targetName(e, names), e.target].filter(Boolean).join(" · ") },
    { key: "detail", title: t.detail, value: (e) => detailText(e, names, whose(e)), cell: (e) => <Details of={details(e, names, whose(e))} /> },
    ...(withOrganisation ? [{ key: "org", title: t.inOrganisation, value: (e: Entry) => (e.organisation ? nameOf(e.organisation) : ""), cell: (e: Entry) => (e.organisation ? <Named name={names.of(e.organisation)} id={e.organisation} to={pageOf(e.organisation, e, "")} /> : <span className="faint">—</span>) }] : []),
    { key: "from", title: t.from, value: (e) => e.address, tight: true, hidden: true },
    { key: "action", title: "action", value: (e) => e.action, hidden: true, tight: true },
  ];
  return <DataTable<Entry> id={id} columns={columns} row={(e) => e.id} load={(a) => load(a.cursor)} search={{ by: "here", hint: t.searchLoaded }} addressed empty={{ title: t.auditEmpty }} />;
}

function Who({ e, name }: { e: Entry; name: string }): ReactNode {
  if (e.actor) return name;
  return e.detail?.key && e.action !== "jos.authorized" ? <Named name={name} id={e.detail.key} /> : <span className="nowrap faint">{name}</span>;
}

/** A name with the id it stands for below it; the id alone while nobody knows a name. */
export function Named({ name, id, to }: { name: string | undefined; id: string; to?: string }): ReactNode {
  if (!name) return to ? <Link to={to}><Id>{id}</Id></Link> : <Id copy>{id}</Id>;
  return <span className="named">{to ? <Link to={to}>{name}</Link> : <span className="wrap">{name}</span>}<Id copy>{id}</Id></span>;
}

function Details({ of }: { of: Told[] }): ReactNode {
  if (of.length === 0) return <span className="faint">—</span>;
  return (
    <ul className="details">
      {of.map((d) => (
        <li key={d.key}><span className="faint">{d.name}</span>
          <span title={d.id}>{d.to ? <Link to={d.to}>{d.text}</Link> : d.lines ? d.lines.map((line, i) => <span className="line" key={i}>{line}</span>) : d.text}</span>
        </li>
      ))}
    </ul>
  );
}
