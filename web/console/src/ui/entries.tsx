// Audit entries as a table: of an organisation, of the platform, of oneself.
import type { ReactNode } from "react";
import type { Entry } from "../api/account";
import type { Page } from "../api/client";
import { DataTable, type Column } from "../table/table";
import { actionName } from "../words/actions";
import { organisationWords } from "../words/organisation";
import { iso } from "./format";
import { When } from "./parts";

export function Entries({ id, load, withOrganisation }: { id: string; load: (cursor: string) => Promise<Page<Entry>>; withOrganisation?: boolean }): ReactNode {
  const t = organisationWords();
  const columns: Column<Entry>[] = [
    { key: "what", title: t.what, value: (e) => actionName(e.action) },
    { key: "at", title: t.at, value: (e) => e.at, cell: (e) => <When at={e.at} />, file: (e) => iso(e.at), tight: true },
    { key: "who", title: t.who, value: (e) => e.actorName || e.actor || t.platform },
    { key: "target", title: t.target, value: (e) => e.target, cell: (e) => <span className="mono wrap">{e.target}</span> },
    { key: "detail", title: t.detail, value: (e) => Object.entries(e.detail ?? {}).map(([k, v]) => `${k}: ${v}`).join("; "), cell: (e) => <Detail of={e.detail} /> },
    ...(withOrganisation ? [{ key: "org", title: t.organisation, value: (e: Entry) => e.organisation, cell: (e: Entry) => <span className="mono wrap">{e.organisation}</span> }] : []),
    { key: "from", title: t.from, value: (e) => e.address, tight: true, hidden: true },
    { key: "action", title: "action", value: (e) => e.action, hidden: true, tight: true },
  ];
  return <DataTable<Entry> id={id} columns={columns} row={(e) => e.id} load={(a) => load(a.cursor)} search={{ by: "here", hint: t.searchLoaded }} addressed empty={{ title: t.auditEmpty }} />;
}

function Detail({ of }: { of: Record<string, string> | null }): ReactNode {
  const pairs = Object.entries(of ?? {});
  return pairs.length === 0 ? <span className="faint">—</span> : <span className="chips">{pairs.map(([k, v]) => <span className="chip" key={k}><span className="faint">{k}&nbsp;</span>{v}</span>)}</span>;
}
