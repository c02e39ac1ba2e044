// One version: what it is, what can be done with it, what review said.
import type { ReactNode } from "react";
import * as api from "../../api/release";
import * as reviews from "../../api/review";
import { Link } from "../../router";
import { bytes, moment } from "../../ui/format";
import { Load, useLoad } from "../../ui/load";
import { Code, Facts, Note, Section, Status, When } from "../../ui/parts";
import { programWords } from "../../words/program";
import { FindingList, Reasons } from "../../ui/review";
import { versionName } from "../../ui/names";
import { useProgram } from "./area";
import { versionState } from "./states";
import { Roles, Uploader, VersionActions } from "./versions";

export function VersionPage({ id }: { id: string }): ReactNode {
  const t = programWords();
  const { app, path, reload } = useProgram();
  const loaded = useLoad(id, (signal) => api.version(app.id, id, signal));
  const state = loaded.data?.state;
  // A version that was never handed in has no review; one that was withdrawn is as if it never was.
  const review = useLoad(`${id}/${state}`, async (signal) => (state === undefined || state === "development" ? null : reviews.ofVersion(app.id, id, signal)));
  const changed = async (): Promise<void> => {
    await Promise.all([reload(), loaded.reload(), review.reload()]);
  };
  return (
    <Load of={loaded}>{(v) => {
      const is = versionState(v.state);
      return (
        <>
          <Section title={versionName(v)} lead={<Link to={path("")}>← {t.versions}</Link>} actions={<VersionActions v={v} changed={changed} big />}>
            <Facts of={[[t.state, <span className="row"><Status tone={is.tone}>{is.name}</Status><Roles v={v} /></span>], [t.notes, v.notes ? <span className="pre">{v.notes}</span> : ""], [t.size, bytes(v.bytes)], [t.uploadedBy, v.uploadedBy ? <Uploader id={v.uploadedBy} /> : ""], [t.uploadedAt, <When at={v.createdAt} />], ["ID", <Code>{v.id}</Code>]]} />
          </Section>
          <Load of={review}>{(told) => {
            if (told === null) return <Section title={t.reviewResult}><p className="faint">{t.noReview}</p></Section>;
            const r = told.review;
            return (
              <>
                <Section title={t.reviewResult}>
                  <div className="stack">
                    {r.state === "pending" ? <Note title={t.reviewOpen}>{t.reviewOpenHint(moment(r.submittedAt))}</Note> : null}
                    {r.state === "approved" ? <Note tone="good" title={t.approved}>{t.approvedHint}</Note> : null}
                    {r.state === "rejected" ? <Note tone="bad" title={t.rejected}>{t.rejectedHint}</Note> : null}
                    {r.reasons?.length ? <Reasons of={r.reasons} /> : null}
                    {r.note ? <Facts of={[[t.submitNote, <span className="pre">{r.note}</span>]]} /> : null}
                    {r.endedAt ? <p className="faint small"><When at={r.endedAt} /></p> : null}
                  </div>
                </Section>
                <Section title={t.findings} flush><FindingList of={told.findings} /></Section>
              </>
            );
          }}</Load>
        </>
      );
    }}</Load>
  );
}
