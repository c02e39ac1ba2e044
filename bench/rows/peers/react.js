import { createElement as h, memo, useState } from "react";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";

const Row = memo(({ row, danger }) =>
  h("div", { className: danger ? "row danger" : "row" },
    h("div", { className: "id" }, row.id),
    h("div", { className: "label", "data-id": row.id, onClick() {} }, row.label),
    h("div", { className: "icon" })));

export function react() {
  let root, host, set;
  function Table() {
    const [{ rows, selected }, setState] = useState({ rows: [], selected: 0 });
    set = setState;
    return h("div", { className: "table" }, rows.map((row) => h(Row, { key: row.id, row, danger: row.id === selected })));
  }
  const show = (rows) => flushSync(() => set((s) => ({ ...s, rows })));
  return {
    mount(at) {
      host = at.appendChild(document.createElement("div"));
      root = createRoot(host);
      flushSync(() => root.render(h(Table)));
    },
    create: show,
    replace: show,
    update(changes) {
      flushSync(() => set((s) => {
        const rows = s.rows.slice();
        for (const [index, label] of changes) rows[index] = { ...rows[index], label };
        return { ...s, rows };
      }));
    },
    swap: show,
    remove: show,
    unmount() {
      root.unmount();
      host.remove();
    },
  };
}
