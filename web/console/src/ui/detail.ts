// The details of an audit entry for people who read: what each is called, shares as %, times as days, JSON as lines.
import type { DocumentKind, Entry, OrganisationKind, OrganisationState, Role } from "../api/account";
import { at } from "../router";
import { detailName, detailValues } from "../words/details";
import { keyWords } from "../words/keys";
import { operatorWords } from "../words/operator";
import { day, moment, share, short } from "./format";
import type { Names } from "./known";
import { browserName, documentName, kindName, organisationState, roleName, versionName } from "./names";

/** One detail. What is long comes as lines; id is what the text names, for who needs it exactly. */
export type Told = { key: string; name: string; text: string; lines?: string[]; to?: string; id?: string };

/** A page about something of an entry; "" where there is none. org is "" for the operator, who has pages of its own. */
export function pageOf(id: string, e: Entry, org: string): string {
  const d = e.detail ?? {};
  const app = id.startsWith("app_") ? id : d.app || (e.target.startsWith("app_") ? e.target : "");
  if (org === "") {
    if (id.startsWith("app_")) return at("/operator/programs/:app", { app: id });
    if (id.startsWith("org_")) return at("/operator/organisations/:org", { org: id });
    if (id.startsWith("csm_")) return at("/operator/consumers/:consumer", { consumer: id });
    if (id.startsWith("hst_")) return at("/operator/hosts/:host", { host: id });
    if (id.startsWith("cap_")) return at("/operator/applications/:application", { application: id });
    if (id.startsWith("ver_") && d.review) return at("/operator/reviews/:review", { review: d.review });
    return "";
  }
  if (!app) return "";
  if (id.startsWith("app_")) return at("/orgs/:org/apps/:app", { org, app });
  if (id.startsWith("ver_")) return at("/orgs/:org/apps/:app/versions/:version", { org, app, version: id });
  if (id.startsWith("whe_") && e.action !== "webhook.deleted") return at("/orgs/:org/apps/:app/webhooks/:hook", { org, app, hook: id });
  if (id.startsWith("key_")) return at("/orgs/:org/apps/:app/keys", { org, app });
  return "";
}

/** What the entry was done to, in words; undefined when nothing but its id is known. */
export function targetName(e: Entry, names: Names): string | undefined {
  const d = e.detail ?? {};
  if (e.target.startsWith("ver_")) return d.number ? versionName({ number: Number(d.number), label: d.label ?? "" }) : undefined;
  if (e.target.startsWith("key_")) return d.name || names.of(e.target, d.app);
  if (e.target.startsWith("whe_")) return d.url;
  if (e.target.startsWith("inv_")) return d.login;
  if (e.target.startsWith("doc_") || e.target.startsWith("hst_")) return d.name || names.of(e.target);
  if (e.target === e.actor) return e.actorName;
  return names.of(e.target);
}

/** Who did it: a person, a key of the open API, or nobody, which is the platform itself. */
export function actorName(e: Entry, names: Names, platform: string): string {
  if (e.actorName || e.actor) return e.actorName || e.actor;
  const key = e.detail?.key;
  return key && e.action !== "jos.authorized" ? detailValues().keyNamed(names.of(key, appOf(e)) ?? key) : platform;
}

const appOf = (e: Entry): string => e.detail?.app || (e.target.startsWith("app_") ? e.target : "");

/** What an entry says besides what was done to what, in the order people ask. */
export function details(e: Entry, names: Names, org: string): Told[] {
  const d = e.detail ?? {};
  const told: Told[] = [];
  const say = (key: string, text: string, more: Partial<Told> = {}): void => void (text && told.push({ key, name: detailName(key), text, ...more }));
  const left = { ...d };
  const take = (key: string): string => {
    const value = left[key] ?? "";
    delete left[key];
    return value;
  };
  // What stands in the column beside it already.
  const named = targetName(e, names);
  for (const key of ["name", "url", "login"]) if (named !== undefined && d[key] === named) take(key);
  if (!e.actor && e.action !== "jos.authorized") take("key");
  const number = take("number"), label = take("label"), version = take("version");
  if (!e.target.startsWith("ver_") && (number || version)) say("version", number ? versionName({ number: Number(number), label }) : version, { ...link(version), ...(version ? { id: version } : {}) });
  const app = take("app");
  if (app && app !== e.target) say("app", names.of(app) ?? app, { ...link(app), id: app });
  if (e.target.startsWith("ver_")) take("review"); // the version leads there
  if (/^organisation\.(submitted|verified|rejected)$/.test(e.action)) take("from"); // the one state it can come from
  const application = take("application");

  for (const [key, value] of Object.entries(left)) {
    if (value === "") continue;
    if (e.action === "membership.plans-changed") {
      const plan = /^(\d+) days, (.+)$/.exec(value);
      told.push({ key, name: key, text: plan ? detailValues().daysFor(plan[1]!, plan[2]!) : value });
    } else if (key === "capability") say(key, names.capability(value, appOf(e)), { id: value });
    else if ((key === "from" || key === "until") && e.action.startsWith("capability.")) told.push({ key, name: detailName(key === "from" ? "since" : key), text: value === "0" ? (key === "until" ? detailValues().forever : "") : time(value) });
    else if (key === "privacy" || key === "domains") {
      const lines = parsed(value, names);
      say(key, lines.length ? lines.join("; ") : detailValues().none, lines.length ? { lines } : {});
    } else if (key === "key" || key === "successor") say(key, names.of(value, appOf(e)) ?? short(value), { id: value });
    else if (/^[a-z]{2,4}_[0-9A-Z]{20,}$/.test(value)) say(key, names.of(value, appOf(e)) ?? short(value), { ...link(value), id: value });
    else if (/^[[{]/.test(value)) {
      const lines = parsed(value, names);
      say(key, lines.join("; ") || value, lines.length > 1 ? { lines } : {});
    } else say(key, plain(key, value, e.action));
  }
  if (org === "") say("application", short(application), { ...link(application), id: application });
  return told.filter((x) => x.text !== "");

  function link(id: string): { to?: string } {
    const to = id ? pageOf(id, e, org) : "";
    return to ? { to } : {};
  }
}

/** For files and for searching. */
export const detailText = (e: Entry, names: Names, org: string): string => details(e, names, org).map((t) => `${t.name}: ${t.text}`).join("; ");

const time = (value: string): string => (/^\d{1,15}$/.test(value) ? moment(Number(value)) : value);

function plain(key: string, value: string, action: string): string {
  const t = detailValues();
  switch (key) {
    case "share":
      return share(Number(value));
    case "role":
      return roleName(value as Role);
    case "agent":
      return browserName(value);
    case "language":
      return { zh: "中文", en: "English" }[value] ?? value;
    case "kind":
      return action.startsWith("document.") ? documentName(value as DocumentKind) : action.startsWith("host.") ? (hostKind(value) ?? value) : kindName(value as OrganisationKind);
    case "from":
    case "to":
      if (action === "member.role-changed") return roleName(value as Role);
      return action === "organisation.renamed" ? value : organisationState(value as OrganisationState).name;
    case "expires":
      return Number.isNaN(Date.parse(value)) ? value : moment(Date.parse(value)) || day(Date.parse(value));
    case "overlapSeconds":
      return t.duration(Number(value));
    case "days":
      return t.daysAlone(value);
    case "reasons":
      return value === "0" ? "" : t.reasonCount(value);
    case "all":
      return value === "true" ? t.allPrograms : t.chosenPrograms;
    case "programs":
      return value === "0" ? "" : value;
    case "types":
      return value === "*" ? t.allEvents : value.split(" ").join(", ");
    case "scopes":
    case "networks":
    case "origins":
    case "addresses":
      return value.split(" ").join(", ");
    case "icon":
      return value.length > 20 ? value.slice(0, 8) + "…" : value;
    case "reason":
      return action === "webhook.disabled" ? ({ gone: keyWords().disabledGone, failing: keyWords().disabledFailing }[value] ?? value) : value;
    case "selfSignUp":
      return value.split(" → ").map((v) => ({ yes: t.open, no: t.closed })[v] ?? v).join(" → ");
    case "round":
    case "submission":
      return value === "1" ? "" : value; // the first time goes without saying
    default:
      return value;
  }
}

function hostKind(kind: string): string | undefined {
  const t = operatorWords();
  return { web: t.kindWeb, android: t.kindAndroid, ios: t.kindIos, harmony: t.kindHarmony }[kind];
}

/** The values of a JSON text, one a line; nothing when it holds nothing or is no JSON. */
function parsed(text: string, names: Names): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [text];
  }
  const one = (v: unknown): string => (typeof v === "string" ? v : JSON.stringify(v));
  if (Array.isArray(value)) return value.map(one);
  if (value === null || typeof value !== "object") return [text];
  return Object.entries(value).flatMap(([k, v]) => {
    const called = detailName(k) === k ? names.privacy(k) : detailName(k);
    if (Array.isArray(v)) return v.length ? [`${called}: ${v.map(one).join(", ")}`] : [];
    return v === "" || v === null ? [] : [`${called}: ${one(v)}`];
  });
}
