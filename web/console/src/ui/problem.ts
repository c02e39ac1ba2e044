// What went wrong, in words for people.
import { Problem, type Wrong } from "../api/client";
import { commonWords } from "../words/common";

export function explain(problem: unknown): string {
  const t = commonWords();
  // A part of the page that did not come, as each engine says it.
  if (problem instanceof TypeError && /import/i.test(problem.message)) return t.partGone;
  if (!(problem instanceof Problem)) return problem instanceof Error ? problem.message : String(problem);
  if (problem.code === "unreachable") return t.unreachable;
  if (problem.code === "broken") return t.broken;
  let text = problem.message || t.noAnswer(problem.status);
  if (problem.retryAfter > 0 && !text.includes(String(problem.retryAfter))) text += " " + t.again(problem.retryAfter);
  if (problem.status >= 500 && problem.instance) text += ` (${t.request(problem.instance)})`;
  return text;
}

/**
 * Says which complaint belongs to which field of a form, whose names are given like "answers.purpose". "domains[2]" belongs
 * to the field "domains". What belongs to none is left for the form as a whole.
 */
export function sortOut(problem: unknown, names: string[]): { fields: Map<string, string[]>; rest: string[] } {
  const fields = new Map<string, string[]>();
  const rest: string[] = [];
  const wrong: Wrong[] = problem instanceof Problem ? problem.errors : [];
  for (const w of wrong) {
    const plain = w.field.replace(/\[([^\]]*)\]/g, ".$1");
    const owner = names.find((n) => n === plain) ?? names.filter((n) => plain.startsWith(n + ".")).sort((a, b) => b.length - a.length)[0];
    if (owner === undefined) {
      rest.push(w.field ? `${w.field}: ${w.message}` : w.message);
    } else {
      const index = /^\.(\d+)/.exec(plain.slice(owner.length));
      fields.set(owner, [...(fields.get(owner) ?? []), index ? `${Number(index[1]) + 1}: ${w.message}` : w.message]);
    }
  }
  if (wrong.length === 0) rest.push(explain(problem));
  return { fields, rest };
}
