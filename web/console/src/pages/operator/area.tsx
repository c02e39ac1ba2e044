// The pages of the platform's operator.
import type { ReactNode } from "react";
import * as api from "../../api/account";
import { NotFound } from "../../app";
import { match } from "../../router";
import { operatorOf, useOperatorMay, useSession } from "../../shell/session";
import { Entries } from "../../ui/entries";
import { Nothing, Page, Section } from "../../ui/parts";
import { operatorWords } from "../../words/operator";
import { Members } from "../organisation/members";
import { ApplicationPage, Applications } from "./applications";
import { Catalogue } from "./catalogue";
import { ConsumerPage, Consumers } from "./consumers";
import { Grants } from "./grants";
import { HealthPage } from "./health";
import { HostPage, Hosts } from "./hosts";
import { OrganisationPage, Organisations } from "./organisations";
import { Overview } from "./overview";
import { Plans } from "./plans";
import { ProgramPage, Programs } from "./programs";
import { ReviewPage } from "./review";
import { Reviews } from "./reviews";
import { Settings } from "./settings";

type Route = { path: string; needs?: string; page: (p: Record<string, string>) => ReactNode };

const routes: Route[] = [
  { path: "/operator", page: () => <Overview /> },
  { path: "/operator/organisations", page: () => <Organisations /> },
  { path: "/operator/organisations/:org", needs: "organisation.review", page: (p) => <OrganisationPage key={p.org} org={p.org!} /> },
  { path: "/operator/programs", page: () => <Programs /> },
  { path: "/operator/programs/:app", page: (p) => <ProgramPage key={p.app} id={p.app!} /> },
  { path: "/operator/reviews", page: () => <Reviews /> },
  { path: "/operator/reviews/:review", page: (p) => <ReviewPage key={p.review} id={p.review!} /> },
  { path: "/operator/applications", needs: "capability.review", page: () => <Applications /> },
  { path: "/operator/applications/:application", needs: "capability.review", page: (p) => <ApplicationPage key={p.application} id={p.application!} /> },
  { path: "/operator/grants", page: () => <Grants /> },
  { path: "/operator/capabilities", page: () => <Catalogue /> },
  { path: "/operator/hosts", needs: "host.manage", page: () => <Hosts /> },
  { path: "/operator/hosts/:host", needs: "host.manage", page: (p) => <HostPage key={p.host} id={p.host!} /> },
  { path: "/operator/consumers", needs: "consumer.manage", page: () => <Consumers /> },
  { path: "/operator/consumers/:consumer", needs: "consumer.manage", page: (p) => <ConsumerPage key={p.consumer} id={p.consumer!} /> },
  { path: "/operator/plans", page: () => <Plans /> },
  { path: "/operator/settings", needs: "platform.configure", page: () => <Settings /> },
  { path: "/operator/audit", needs: "platform.audit", page: () => <Audit /> },
  { path: "/operator/health", page: () => <HealthPage /> },
];

export default function OperatorArea({ path }: { path: string }): ReactNode {
  const may = useOperatorMay();
  const { me } = useSession();
  const t = operatorWords();
  if (path === "/operator/members") return <Members org={operatorOf(me)!.organisation} />;
  for (const r of routes) {
    const params = match(r.path, path);
    if (!params) continue;
    if (r.needs && !may(r.needs)) return <Page title={t.overview}><Nothing title={t.noRight} /></Page>;
    return r.page(params);
  }
  return <NotFound />;
}

function Audit(): ReactNode {
  const t = operatorWords();
  return <Page title={t.audit} lead={t.auditLead}><Section flush><Entries id="platform-audit" org="" load={(cursor) => api.platformAudit(cursor)} withOrganisation /></Section></Page>;
}
