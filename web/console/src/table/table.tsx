// The one table of the consoles: loads page after page, searches, filters, sorts what is loaded, lets columns be chosen and
// remembers it, exports CSV; on a phone rows are cards.
import { App, Button, Checkbox, Input, Select, Table } from "antd";
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { all, Problem, type Page } from "../api/client";
import { Link, setQuery, useLocation } from "../router";
import { Icon } from "../ui/icons";
import { Trouble } from "../ui/load";
import { usePhone } from "../ui/media";
import { Disclosure, Nothing } from "../ui/parts";
import { explain } from "../ui/problem";
import { commonWords } from "../words/common";
import { locale } from "../words/lang";
import { csv, save, type Cell } from "./csv";

export type Column<Row> = {
  key: string;
  title: string;
  /** What it is for sorting, searching and the file; columns without one are for the eye alone. */
  value?: (row: Row) => Cell;
  /** What is drawn, when that is not the value. */
  cell?: (row: Row) => ReactNode;
  /** For the file, when that is not the value. */
  file?: (row: Row) => Cell;
  /** Not shown until somebody chooses it. */
  hidden?: boolean;
  /** One line, as narrow as it may be. */
  tight?: boolean;
  end?: boolean;
};

export type Filter<Row> = {
  key: string;
  label: string;
  options: { value: string; label: string }[];
  /** Whether a loaded row passes; without it the server filters. */
  test?: (row: Row, value: string) => boolean;
};

export type Asked = { cursor: string; query: string } & Record<string, string>;

type Props<Row> = {
  /** Names the file, and what is remembered. */
  id: string;
  columns: Column<Row>[]; // the first one is the title of a card
  load: (asked: Asked) => Promise<Page<Row>>;
  row: (row: Row) => string;
  /** Where the first column leads. */
  to?: (row: Row) => string;
  /** "server" hands the words on as query; "here" looks through what is loaded. */
  search?: { by: "server" | "here"; hint: string };
  filters?: Filter<Row>[];
  actions?: (row: Row) => ReactNode;
  empty: { title: string; hint?: ReactNode; action?: ReactNode };
  /** Another value loads anew. */
  version?: unknown;
  /** Remember search and filters in the address: one table of a page may. */
  addressed?: boolean;
  /** Nothing is loaded before somebody searched: what to say until then. */
  unasked?: { title: string; hint?: ReactNode };
  /** A few rows beside other things: no search, no choice of columns, no file. */
  plain?: boolean;
  beside?: ReactNode;
};

type State<Row> = { is: "unasked" } | { is: "loading" } | { is: "failed"; problem: unknown } | { is: "loaded"; rows: Row[]; next: string; more: "" | "busy" | "failed" };

export function DataTable<Row extends object>(p: Props<Row>): ReactNode {
  const t = commonWords();
  const { message } = App.useApp();
  const phone = usePhone();
  const { query: address } = useLocation();
  const [own, setOwn] = useState<Record<string, string>>({});
  const [sort, setSort] = useState<{ key: string; down: boolean } | null>(null);
  const [chosen, choose] = useChoice(p.id, p.columns);
  const [state, setState] = useState<State<Row>>({ is: "loading" });
  const [exporting, setExporting] = useState(false);

  const value = (key: string): string => (p.addressed ? address.get(key) : own[key]) ?? "";
  const setValue = (changes: Record<string, string>): void => {
    if (p.addressed) setQuery(changes);
    else setOwn((o) => ({ ...o, ...changes }));
  };
  const filters = p.filters ?? [];
  const words = value("query").trim();
  const toServer: Record<string, string> = Object.fromEntries(filters.filter((f) => !f.test).map((f) => [f.key, value(f.key)]));
  if (p.search?.by === "server") toServer.query = words;
  const asked = JSON.stringify(toServer);

  const newest = useRef(p.load);
  newest.current = p.load;
  const run = useRef(0);
  const ask = p.unasked === undefined || words !== "";
  const begin = useCallback(async () => {
    const mine = ++run.current;
    if (!ask) return setState({ is: "unasked" });
    try {
      const page = await newest.current({ query: "", ...JSON.parse(asked), cursor: "" } as Asked);
      if (mine === run.current) setState({ is: "loaded", rows: page.items, next: page.next ?? "", more: "" });
    } catch (problem) {
      if (mine === run.current) setState({ is: "failed", problem });
    }
  }, [asked, ask]);
  useEffect(() => {
    void begin();
    return () => void run.current++;
  }, [begin, p.version]);

  const more = async (): Promise<void> => {
    if (state.is !== "loaded" || state.more === "busy") return;
    const mine = run.current;
    setState({ ...state, more: "busy" });
    try {
      const page = await p.load({ query: "", ...toServer, cursor: state.next } as Asked);
      if (mine !== run.current) return;
      const known = new Set(state.rows.map(p.row)); // what moved between two pages is not shown twice
      setState({ is: "loaded", rows: [...state.rows, ...page.items.filter((r) => !known.has(p.row(r)))], next: page.next ?? "", more: "" });
    } catch (problem) {
      if (mine === run.current) setState({ ...state, more: "failed" });
      void message.error(explain(problem));
    }
  };

  const passes = (row: Row): boolean =>
    filters.every((f) => !f.test || value(f.key) === "" || f.test(row, value(f.key))) &&
    (p.search?.by !== "here" || words === "" || p.columns.some((c) => String(c.value?.(row) ?? "").toLowerCase().includes(words.toLowerCase())));
  const arranged = (rows: Row[]): Row[] => {
    const shown = rows.filter(passes);
    const by = sort && p.columns.find((c) => c.key === sort.key)?.value;
    return by ? [...shown].sort((a, b) => compare(by(a), by(b)) * (sort.down ? -1 : 1)) : shown;
  };
  const narrowed = words !== "" || filters.some((f) => value(f.key) !== "");
  const columns = p.columns.filter((c) => chosen.includes(c.key));
  const cellOf = (c: Column<Row>, row: Row): ReactNode => c.cell?.(row) ?? (c.value ? String(c.value(row) ?? "") : "");
  const first = (c: Column<Row>, row: Row): ReactNode => (p.to ? <Link className="row-link" to={p.to(row)}>{cellOf(c, row)}</Link> : cellOf(c, row));

  const write = async (): Promise<void> => {
    setExporting(true);
    try {
      const limit = 5000;
      const rows = arranged(state.is === "loaded" && state.next === "" ? state.rows : await all((cursor) => p.load({ query: "", ...toServer, cursor } as Asked), limit));
      const kept = p.columns.filter((c) => (c.file ?? c.value) && chosen.includes(c.key));
      save(`${p.id}.csv`, "text/csv;charset=utf-8", csv(kept.map((c) => c.title), rows.map((r) => kept.map((c) => (c.file ?? c.value)!(r)))));
      void message.success(rows.length >= limit ? t.exportCapped(limit) : t.exported(rows.length));
    } catch (problem) {
      void message.error(explain(problem));
    } finally {
      setExporting(false);
    }
  };

  const rows = state.is === "loaded" ? arranged(state.rows) : [];
  const bare = state.is === "loaded" && state.rows.length === 0 && !narrowed;
  const sorts = columns.filter((c) => c.value);
  const tools = (
    <>
      <Disclosure label={phone ? t.columnsAndOrder : t.columns} icon={<Icon name="columns" />} compact={phone}>
        {phone && sorts.length ? (
          <select className="native" aria-label={t.sortBy} value={sort ? `${sort.key} ${sort.down}` : ""} onChange={(e) => {
            const [key, down] = e.target.value.split(" ");
            setSort(key ? { key, down: down === "true" } : null);
          }}>
            <option value="">{t.sortBy}</option>
            {sorts.map((c) => [<option key={c.key} value={`${c.key} false`}>{c.title} ↑</option>, <option key={c.key + "-"} value={`${c.key} true`}>{c.title} ↓</option>])}
          </select>
        ) : null}
        <div role="group" aria-label={t.columns}>
          {p.columns.map((c, i) => <Checkbox key={c.key} checked={chosen.includes(c.key)} disabled={i === 0} onChange={(e) => choose(c.key, e.target.checked)}>{c.title}</Checkbox>)}
        </div>
      </Disclosure>
      <Button icon={<Icon name="download" />} loading={exporting} disabled={rows.length === 0} aria-label={t.exportCSV} title={phone ? t.exportCSV : undefined} onClick={() => void write()}>{phone ? null : t.exportCSV}</Button>
    </>
  );
  const narrow = (
    <>
      {filters.map((f) => (
        <Select key={f.key} aria-label={t.filterBy(f.label)} value={value(f.key)} onChange={(v) => setValue({ [f.key]: v })} popupMatchSelectWidth={false}
          options={[{ value: "", label: `${f.label}: ${t.all}` }, ...f.options]} />
      ))}
      {narrowed && !(phone && filters.length === 0) ? <Button type="text" {...(phone ? { icon: <Icon name="close" />, title: t.clear, "aria-label": t.clear } : {})} onClick={() => setValue(Object.fromEntries(["query", ...filters.map((f) => f.key)].map((k) => [k, ""])))}>{phone ? null : t.clear}</Button> : null}
    </>
  );
  const search = p.search ? <Search hint={p.search.hint} value={value("query")} set={(query) => setValue({ query })} /> : null;
  return (
    <div className="data" aria-busy={state.is === "loading"}>
      {bare || p.plain ? null : phone ? (
        // Two rows on a phone: what one looks for beside what can be done with the list, and what narrows it below.
        <div className="table-bar phone">
          <div>{search ?? (p.beside ? null : narrow)}{p.beside}{search || (filters.length > 0 && !p.beside) ? null : <span className="grow" />}{tools}</div>
          {(search || p.beside) && (filters.length > 0 || narrowed) ? <div>{narrow}</div> : null}
        </div>
      ) : (
        <div className="table-bar">{search}{narrow}<span className="grow" />{p.beside}{tools}</div>
      )}
      {state.is === "failed" && words !== "" && state.problem instanceof Problem && state.problem.errors.length > 0 ? (
        <Nothing title={t.nothingFound} hint={state.problem.errors.map((e) => e.message).join(" ")} /> // of what one looks for, not of the page
      ) : state.is === "failed" ? <Trouble problem={state.problem} retry={() => {
        setState({ is: "loading" });
        void begin();
      }} /> : null}
      {state.is === "loading" ? <Bones /> : null}
      {state.is === "unasked" ? <Nothing {...p.unasked!} /> : null}
      {state.is === "loaded" && rows.length === 0 ? (narrowed && !p.unasked ? <Nothing title={t.nothingFound} hint={t.nothingFoundHint} /> : <Nothing {...p.empty} />) : null}
      {rows.length > 0 && phone ? (
        <ul className="cards">
          {rows.map((row) => (
            <li key={p.row(row)}>
              <div className="card-head"><div className="card-title">{first(columns[0]!, row)}</div>{p.actions ? <div className="actions">{p.actions(row)}</div> : null}</div>
              <dl>{columns.slice(1).map((c) => [<dt key={c.key}>{c.title}</dt>, <dd key={c.key + "="}>{cellOf(c, row)}</dd>])}</dl>
            </li>
          ))}
        </ul>
      ) : null}
      {rows.length > 0 && !phone ? (
        <div className="table-scroll">
          <Table<Row> size="middle" rowKey={(row) => p.row(row)} dataSource={rows} pagination={false} tableLayout="auto" showSorterTooltip={{ mouseEnterDelay: 0.6 }}
            locale={{ triggerAsc: t.ascending, triggerDesc: t.descending, cancelSort: t.unsorted }}
            onChange={(_, __, s) => {
              const one = Array.isArray(s) ? s[0] : s;
              setSort(one?.order ? { key: String(one.columnKey), down: one.order === "descend" } : null);
            }}
            columns={[
              ...columns.map((c, i) => ({
                key: c.key, title: c.title, className: [c.tight ? "tight" : "", c.end ? "end" : ""].join(" ").trim(), render: (_: unknown, row: Row) => (i === 0 ? first(c, row) : cellOf(c, row)),
                ...(c.value ? { sorter: true, sortOrder: sort?.key === c.key ? (sort.down ? ("descend" as const) : ("ascend" as const)) : null } : {}),
              })),
              ...(p.actions ? [{ key: "actions", title: <span className="sr">{t.actions}</span>, className: "tight end", render: (_: unknown, row: Row) => <span className="row-actions">{p.actions!(row)}</span> }] : []),
            ]} />
        </div>
      ) : null}
      {rows.length > 0 && state.is === "loaded" ? (
        <div className="table-foot" aria-live="polite">
          <span>{state.next ? t.shownMore(state.rows.length) : t.shown(rows.length)}{state.next && sort ? ` · ${t.sortAmong}` : ""}</span>
          {state.next ? <Button loading={state.more === "busy"} onClick={() => void more()}>{state.more === "failed" ? t.retry : t.more}</Button> : null}
        </div>
      ) : null}
    </div>
  );
}

function Search({ hint, value, set }: { hint: string; value: string; set: (v: string) => void }): ReactNode {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const told = useRef(value);
  if (value !== told.current) {
    told.current = value; // cleared, or another address
    if (value !== text.trim()) setText(value);
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const say = (v: string): void => {
    told.current = v.trim();
    set(v.trim());
  };
  return (
    <Input type="search" allowClear prefix={<Icon name="search" size={16} />} placeholder={hint} aria-label={hint} value={text} maxLength={200}
      onChange={(e) => {
        const v = e.target.value;
        setText(v);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => say(v), 250);
      }}
      onPressEnter={() => {
        clearTimeout(timer.current);
        say(text);
      }} />
  );
}

function Bones(): ReactNode {
  return <div className="bones" role="status" aria-label={commonWords().loading}><div className="ant-skeleton ant-skeleton-active"><div className="ant-skeleton-section"><ul className="ant-skeleton-paragraph">{[1, 2, 3, 4, 5].map((i) => <li key={i} />)}</ul></div></div></div>;
}

function compare(a: Cell, b: Cell): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a ?? "").localeCompare(String(b ?? ""), locale(), { numeric: true });
}

/** The columns somebody chose for a table, remembered; columns that are new since then are as they are declared. */
function useChoice<Row>(id: string, columns: Column<Row>[]): [string[], (key: string, on: boolean) => void] {
  const place = "minimart.console.columns." + id;
  const [changed, setChanged] = useState<Record<string, boolean>>(() => {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(place) ?? "{}");
      return stored && typeof stored === "object" ? (stored as Record<string, boolean>) : {};
    } catch {
      return {}; // no storage, or not ours
    }
  });
  const shown = columns.filter((c, i) => i === 0 || (changed[c.key] ?? !c.hidden)).map((c) => c.key);
  return [shown, (key, on) => {
    const next = { ...changed, [key]: on };
    setChanged(next);
    try {
      localStorage.setItem(place, JSON.stringify(next));
    } catch {
      // lasts until the page is left
    }
  }];
}
