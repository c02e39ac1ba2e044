// What waits for the operator, and how much comes in.
import { lazy, Suspense, type ReactNode } from "react";
import * as account from "../../api/account";
import * as capability from "../../api/capability";
import * as operator from "../../api/operator";
import * as reviews from "../../api/review";
import { Link } from "../../router";
import { useOperatorMay, type May } from "../../shell/session";
import { moment, number } from "../../ui/format";
import { Load, useLoad } from "../../ui/load";
import { Page, Section } from "../../ui/parts";
import { operatorWords } from "../../words/operator";
import { days, perDay } from "./daily";

const Chart = lazy(() => import("./chart"));
const span = 30;

const nothing = { items: [], next: "" };

async function look(may: May, signal: AbortSignal) {
  const decides = may("capability.review"); // who does not, sees no applications
  const [organisations, waiting, applications, health, newest, submitted, applied] = await Promise.all([
    account.organisations({ state: "submitted", limit: 100 }), reviews.waiting(signal), decides ? capability.applications({ state: "applied", limit: 100 }) : nothing, operator.health(signal),
    account.organisations({ limit: 100 }), reviews.queue({ limit: 100 }), decides ? capability.applications({ limit: 100 }) : nothing,
  ]);
  return { organisations, waiting, applications, health, newest, submitted, applied };
}

export function Overview(): ReactNode {
  const t = operatorWords();
  const may = useOperatorMay();
  const loaded = useLoad("operator-overview", (signal) => look(may, signal));
  return (
    <Page title={t.overview}>
      <Load of={loaded} rows={8}>{(o) => {
        const count = (page: { items: unknown[]; next?: string }): string => (page.next ? t.moreThan(page.items.length) : number(page.items.length));
        const axis = days(span, Date.now());
        const series = [
          { name: t.chartOrganisations, values: perDay(o.newest.items.filter((x) => x.kind !== "operator").map((x) => x.createdAt), axis) },
          { name: t.chartReviews, values: perDay(o.submitted.items.map((x) => x.submittedAt), axis) },
          ...(may("capability.review") ? [{ name: t.chartApplications, values: perDay(o.applied.items.map((x) => x.appliedAt), axis) }] : []),
        ];
        const capped = [o.newest, o.submitted, o.applied].some((p) => p.next);
        const some = series.some((s) => s.values.some((v) => v > 0));
        return (
          <>
            <div className="figures">
              <Link className="figure" to="/operator/organisations?state=submitted"><b>{count(o.organisations)}</b><span>{t.waitingOrganisations}</span></Link>
              <Link className="figure" to="/operator/reviews?state=pending"><b>{number(o.waiting.pending)}</b><span>{t.waitingReviews}{o.waiting.oldest ? ` · ${t.since(moment(o.waiting.oldest))}` : ""}</span></Link>
              {may("capability.review") ? <Link className="figure" to="/operator/applications?state=applied"><b>{count(o.applications)}</b><span>{t.waitingApplications}</span></Link> : null}
              <Link className="figure" to="/operator/health"><b>{o.health.outbox.pending < 0 ? "—" : number(o.health.outbox.pending)}</b><span>{t.pendingEvents}</span></Link>
            </div>
            <Section title={t.chart} lead={`${t.chartLead(span)}${capped ? " " + t.chartCapped : ""}`}>
              {some ? <Suspense fallback={<div className="chart" />}><Chart axis={axis} series={series} /></Suspense> : <p className="faint">{t.chartEmpty}</p>}
              {some ? (
                <details className="chart-table"><summary>{t.chartTable}</summary>
                  <div className="scroll-x"><table className="matrix"><thead><tr><th scope="col">{t.date}</th>{series.map((s) => <th key={s.name} scope="col">{s.name}</th>)}</tr></thead>
                    <tbody>{axis.map((d, i) => (series.some((s) => s.values[i]) ? <tr key={d}><th scope="row">{d}</th>{series.map((s) => <td key={s.name} style={{ color: "inherit" }}>{s.values[i]}</td>)}</tr> : null))}</tbody></table></div>
                </details>
              ) : null}
            </Section>
          </>
        );
      }}</Load>
    </Page>
  );
}
