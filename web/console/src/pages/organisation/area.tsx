// The pages of an organisation.
import type { ReactNode } from "react";
import { useMay } from "../../shell/session";
import { Nothing, Page } from "../../ui/parts";
import { match } from "../../router";
import { organisationWords } from "../../words/organisation";
import { NotFound } from "../../app";
import { AuditPage } from "./audit";
import { Details } from "./details";
import { Members } from "./members";
import { Overview } from "./overview";
import { CreateProgram, Programs } from "./programs";

export default function OrganisationArea({ path, org }: { path: string; org: string }): ReactNode {
  const may = useMay(org);
  const is = (pattern: string): boolean => match(pattern, path) !== null;
  const t = organisationWords();
  if (is("/orgs/:org")) return <Overview key={org} org={org} />;
  if (is("/orgs/:org/organisation")) return <Details key={org} org={org} />;
  if (is("/orgs/:org/members")) return <Members key={org} org={org} />;
  if (is("/orgs/:org/apps")) return <Programs key={org} org={org} />;
  if (is("/orgs/:org/new-app")) return <CreateProgram key={org} org={org} />;
  if (is("/orgs/:org/audit")) return may("audit.read") ? <AuditPage key={org} org={org} /> : <Page title={t.audit}><Nothing title={t.audit} hint={t.noRight} /></Page>;
  return <NotFound />;
}
