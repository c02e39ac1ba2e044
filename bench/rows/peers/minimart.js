// Our view runtime as a mini program meets it: compiled template, flushes of operations, only without the worker that
// would send them. A flush is made and parsed as JSON, as it is when it crosses.
import { createView } from "../../../web/runtime/src/view/core";

export function minimart() {
  let view, host, sequence = 0;
  const flush = (...o) => view.apply(JSON.parse(JSON.stringify({ s: ++sequence, o })));
  const show = (rows) => flush(["u", 1, [["rows"], rows]]);
  return {
    mount(at) {
      host = at.appendChild(document.createElement("div"));
      view = createView({ root: host, post() {} });
      for (const run of window.minimartBundles) run();
      flush(["n", 1, 0, "", "pages/rows/rows", { rows: [], selected: 0 }, { page: {} }], ["t", "push", 1]);
    },
    replace: show,
    relabel: (changes) => flush(["u", 1, ...changes.map(([index, label]) => [["rows", index, "label"], label])]),
    swap: show,
    remove: show,
    unmount() {
      flush(["d", 1]);
      host.remove();
    },
  };
}
