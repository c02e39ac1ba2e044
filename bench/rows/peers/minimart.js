// Our view runtime as a mini program meets it: compiled template, flushes of operations, only without the worker that
// would send them. The worker makes a flush as one JSON string, on its own thread; the page's thread gets the string and
// pays for reading it, as it does here.
import { createView } from "../../../web/runtime/src/view/core";

export function minimart(plan) {
  let view, host, sequence = 0;
  const flush = (...o) => JSON.stringify({ s: ++sequence, o });
  const show = (rows) => flush(["u", 1, [["rows"], rows]]);
  const sent = {
    create: show(plan.first),
    update: flush(["u", 1, ...plan.changes.map(([index, label]) => [["rows", index, "label"], label])]),
    swap: show(plan.swapped), remove: show(plan.removed), replace: show(plan.second),
  };
  const apply = (step) => view.apply(JSON.parse(sent[step]));
  return {
    mount(at) {
      host = at.appendChild(document.createElement("div"));
      view = createView({ root: host, post() {} });
      for (const run of window.minimartBundles) run();
      view.apply(JSON.parse(flush(["n", 1, 0, "", "pages/rows/rows", { rows: [], selected: 0 }, { page: {} }], ["t", "push", 1])));
    },
    create: () => apply("create"),
    update: () => apply("update"),
    swap: () => apply("swap"),
    remove: () => apply("remove"),
    replace: () => apply("replace"),
    unmount() {
      view.apply(JSON.parse(flush(["d", 1])));
      host.remove();
    },
  };
}
