// The queue of versions that wait for review.
import type { ReactNode } from "react";
import * as api from "../../api/review";
import { at } from "../../router";
import { DataTable } from "../../table/table";
import { iso } from "../../ui/format";
import { Page, Section, Status, When } from "../../ui/parts";
import { reviewState, severityName } from "../../ui/review";
import { versionName } from "../../ui/names";
import { Named } from "../../ui/entries";
import { useNames } from "../../ui/known";
import { commonWords } from "../../words/common";
import { reviewWords } from "../../words/review";

export function Counts({ of }: { of: api.Review["counts"] }): ReactNode {
  return (
    <span className="chips">
      {(["high", "medium", "low"] as const).filter((s) => of[s] > 0).map((s) => <span key={s} className={s === "high" ? "chip bad" : s === "medium" ? "chip warn" : "chip"}>{severityName(s).name} {of[s]}</span>)}
      {of.high + of.medium + of.low === 0 ? <span className="faint">—</span> : null}
    </span>
  );
}

export function Reviews(): ReactNode {
  const t = reviewWords();
  const names = useNames("");
  return (
    <Page title={t.queue} lead={t.queueLead}>
      <Section flush>
        <DataTable<api.Review> id="reviews" addressed row={(r) => r.id} to={(r) => at("/operator/reviews/:review", { review: r.id })} search={{ by: "server", hint: t.search }}
          filters={[{ key: "state", label: commonWords().state, options: (["pending", "approved", "rejected", "withdrawn"] as const).map((value) => ({ value, label: reviewState(value).name })) }]}
          load={(a) => api.queue({ cursor: a.cursor, query: a.query, state: a.state ?? "", limit: 50 })} empty={{ title: t.noReviews, hint: t.noReviewsHint }}
          columns={[
            { key: "app", title: t.app, value: (r) => r.appName, cell: (r) => <>{r.appName}</> },
            { key: "version", title: t.version, value: (r) => r.number, cell: (r) => versionName(r), file: (r) => versionName(r), tight: true },
            { key: "org", title: t.organisation, value: (r) => names.of(r.organisation) ?? r.organisation, cell: (r) => <Named name={names.of(r.organisation)} id={r.organisation} to={at("/operator/organisations/:org", { org: r.organisation })} /> },
            { key: "state", title: commonWords().state, value: (r) => reviewState(r.state).name, cell: (r) => <Status tone={reviewState(r.state).tone}>{reviewState(r.state).name}</Status>, tight: true },
            { key: "counts", title: t.counts, value: (r) => r.counts.high * 1e6 + r.counts.medium * 1e3 + r.counts.low, cell: (r) => <Counts of={r.counts} />, file: (r) => `${r.counts.high}/${r.counts.medium}/${r.counts.low}` },
            { key: "round", title: t.round, value: (r) => r.round, tight: true, end: true, hidden: true },
            { key: "note", title: t.note, value: (r) => r.note, hidden: true },
            { key: "submitted", title: t.submittedAt, value: (r) => r.submittedAt, cell: (r) => <When at={r.submittedAt} />, file: (r) => iso(r.submittedAt), tight: true },
            { key: "ended", title: t.endedAt, value: (r) => r.endedAt, cell: (r) => <When at={r.endedAt} />, file: (r) => iso(r.endedAt), tight: true, hidden: true },
          ]} />
      </Section>
    </Page>
  );
}
