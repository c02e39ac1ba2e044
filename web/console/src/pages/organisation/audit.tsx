import type { ReactNode } from "react";
import * as api from "../../api/account";
import { Entries } from "../../ui/entries";
import { Page, Section } from "../../ui/parts";
import { organisationWords } from "../../words/organisation";

export function AuditPage({ org }: { org: string }): ReactNode {
  const t = organisationWords();
  return <Page title={t.audit} lead={t.auditLead}><Section flush><Entries id="audit" org={org} load={(cursor) => api.audit(org, cursor)} /></Section></Page>;
}
