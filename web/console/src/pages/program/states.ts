// What the states of versions and programs are called.
import type { VersionState } from "../../api/release";
import type { Tone } from "../../ui/parts";
import { programWords } from "../../words/program";

export function versionState(state: VersionState | "none" | "suspended"): { name: string; tone: Tone } {
  const t = programWords();
  const of: Record<VersionState | "none" | "suspended", { name: string; tone: Tone }> = {
    development: { name: t.stateDevelopment, tone: "idle" }, "in-review": { name: t.stateInReview, tone: "wait" }, approved: { name: t.stateApproved, tone: "good" },
    rejected: { name: t.stateRejected, tone: "bad" }, released: { name: t.stateReleased, tone: "good" }, none: { name: t.notOut, tone: "idle" }, suspended: { name: t.suspended, tone: "bad" },
  };
  return of[state] ?? { name: state, tone: "idle" };
}
