// The pieces pages are made of.
import { Button, Tooltip } from "antd";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { Link } from "../router";
import { commonWords } from "../words/common";
import { exactly, moment, short } from "./format";
import { Icon } from "./icons";

type PageProps = {
  title: string;
  /** One line below the title. */
  lead?: ReactNode;
  /** Where it belongs: a link above the title. */
  up?: { to: string; name: string };
  actions?: ReactNode;
  children: ReactNode;
  narrow?: boolean;
  picture?: ReactNode;
};

/** A page: title, what can be done with it as a whole, and its sections. */
export function Page({ title, lead, up, actions, children, narrow, picture }: PageProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · ${commonWords().console}`;
  }, [title]);
  return (
    <div className={narrow ? "page narrow" : "page"}>
      <header className="page-head">
        <div className={picture ? "with-picture" : undefined}>
          {up ? <Link className="up" to={up.to}><Icon name="back" />{up.name}</Link> : null}
          {picture ? <div className="picture">{picture}</div> : null}
          <h1 tabIndex={-1}>{title}</h1>
          {lead ? <p>{lead}</p> : null}
        </div>
        {actions ? <div className="actions">{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

/** A card with a heading. */
export function Section({ title, lead, actions, children, flush, id }: { title?: string; lead?: ReactNode; actions?: ReactNode; children?: ReactNode; /** no padding: a table goes to the edge */ flush?: boolean; id?: string }): ReactNode {
  const heading = useId();
  return (
    <section className={flush ? "section flush" : "section"} id={id} aria-labelledby={title ? heading : undefined}>
      {title || actions ? (
        <header>
          <div>
            {title ? <h2 id={heading}>{title}</h2> : null}
            {lead ? <p>{lead}</p> : null}
          </div>
          {actions ? <div className="actions">{actions}</div> : null}
        </header>
      ) : null}
      {children !== undefined ? <div className="section-body">{children}</div> : null}
    </section>
  );
}

/** Names and what they are; a row without a value says so. */
export function Facts({ of }: { of: [name: string, value: ReactNode][] }): ReactNode {
  return (
    <dl className="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value === "" || value === undefined || value === null ? <span className="faint">—</span> : value}</dd>
        </div>
      ))}
    </dl>
  );
}

export type Tone = "good" | "wait" | "bad" | "idle" | "busy";

/** A state: a dot for the eye and a word for the meaning. */
export function Status({ tone, children }: { tone: Tone; children: ReactNode }): ReactNode {
  return <span className={"status " + tone}><i aria-hidden="true" />{children}</span>;
}

export function When({ at }: { at: number | undefined }): ReactNode {
  return at ? <time dateTime={new Date(at).toISOString()} title={exactly(at)}>{moment(at)}</time> : <span className="faint">—</span>;
}

/** Text for machines, with a button that copies it. */
export function Code({ children, wide }: { children: string; wide?: boolean }): ReactNode {
  return <span className={wide ? "code wide" : "code"}><code>{children}</code><CopyButton text={children} /></span>;
}

/** An id in one line: shortened when it is long, whole for who hovers or copies. */
export function Id({ children, copy }: { children: string; copy?: boolean }): ReactNode {
  return <span className="id"><code title={children}>{short(children)}</code>{copy ? <CopyButton text={children} /> : null}</span>;
}

export function CopyButton({ text, label }: { text: string; label?: string }): ReactNode {
  const t = commonWords();
  const [said, say] = useState<"" | "copied" | "failed">("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      say("copied");
    } catch {
      say("failed"); // no clipboard without TLS, or not allowed
    }
    clearTimeout(timer.current);
    timer.current = setTimeout(() => say(""), 2000);
  };
  const words = said === "copied" ? t.copied : said === "failed" ? t.copyFailed : t.copy;
  if (label) return <Button onClick={() => void copy()} icon={<Icon name={said === "copied" ? "done" : "copy"} />}>{said ? words : label}</Button>;
  return (
    <Tooltip title={words} {...(said ? { open: true } : {})}>
      <button type="button" className="tool small" aria-label={`${t.copy} ${text.length > 60 ? "" : text}`} onClick={() => void copy()}><Icon name={said === "copied" ? "done" : "copy"} /></button>
    </Tooltip>
  );
}

/** What to show where nothing is yet: what it would be, and what to do next. */
export function Nothing({ title, hint, action }: { title: string; hint?: ReactNode; action?: ReactNode }): ReactNode {
  return <div className="nothing"><h3>{title}</h3>{hint ? <p>{hint}</p> : null}{action}</div>;
}

/** A word of attention; not an error of the form it stands in. */
export function Note({ tone = "info", title, children, action }: { tone?: "info" | "warn" | "bad" | "good"; title?: string; children?: ReactNode; action?: ReactNode }): ReactNode {
  return (
    <div className={"note " + tone} role={tone === "bad" ? "alert" : "note"}>
      <Icon name={tone === "good" ? "done" : tone === "info" ? "info" : "warn"} />
      <div>{title ? <b>{title}</b> : null}{children ? <div>{children}</div> : null}</div>
      {action}
    </div>
  );
}

/** Pages of one thing, beside each other. */
export function Tabs({ of, at, label }: { of: { to: string; name: string; count?: number }[]; at: string; label: string }): ReactNode {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const here = nav.current?.querySelector<HTMLElement>("[aria-current]");
    if (here && nav.current) nav.current.scrollLeft = here.offsetLeft - 24; // on a phone the tab one is on may lie outside
  }, [at]);
  return (
    <nav className="tabs" aria-label={label} ref={nav}>
      {of.map((tab) => <Link key={tab.to} to={tab.to} aria-current={tab.to === at ? "page" : undefined}>{tab.name}{tab.count ? <b>{tab.count}</b> : null}</Link>)}
    </nav>
  );
}

/** A button that opens a panel below it. Escape and a press outside close it; Escape gives the focus back. */
export function Disclosure({ label, icon, children, compact }: { label: string; icon?: ReactNode; children: ReactNode; /** the icon alone */ compact?: boolean }): ReactNode {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const panel = useId();
  useEffect(() => {
    if (!open) return;
    const outside = (e: PointerEvent): void => {
      if (!box.current?.contains(e.target as Node)) setOpen(false);
    };
    const key = (e: KeyboardEvent): void => {
      if (e.key !== "Escape") return;
      setOpen(false);
      box.current?.querySelector("button")?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", key);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", key);
    };
  }, [open]);
  return (
    <div className="disclosure" ref={box}>
      <Button icon={icon} aria-expanded={open} aria-controls={panel} aria-label={label} onClick={() => setOpen(!open)}>{compact ? null : label}</Button>
      <div id={panel} className="disclosure-panel" hidden={!open}>{children}</div>
    </div>
  );
}

/** The picture of a program; without one, the first letter of its name on a colour made of its id. */
export function ProgramIcon({ name, src, id, size = 32 }: { name: string; src?: string; id: string; size?: number }): ReactNode {
  const [failed, setFailed] = useState(false);
  let hue = 0;
  for (const c of id) hue = (hue * 31 + c.charCodeAt(0)) % 360;
  const style = { width: size, height: size, borderRadius: size * 0.26, fontSize: size * 0.44 };
  if (src && !failed) return <img className="icon" src={src} alt="" width={size} height={size} style={style} onError={() => setFailed(true)} />;
  return <span className="icon" aria-hidden="true" style={{ ...style, background: `hsl(${hue} 38% 46%)` }}>{[...name.trim()][0] ?? "·"}</span>;
}
