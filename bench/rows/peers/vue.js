// The render function is what Vue's template compiler makes of the same markup, patch flags included.
import { createApp, createElementBlock, createElementVNode, Fragment, nextTick, normalizeClass, openBlock, reactive, renderList, toDisplayString } from "vue";

const icon = createElementVNode("div", { class: "icon" }, null, -1);
const select = () => {};

export function vue() {
  let app, host, state;
  const show = (rows) => {
    state.rows = rows;
    return nextTick();
  };
  return {
    mount(at) {
      host = at.appendChild(document.createElement("div"));
      state = reactive({ rows: [], selected: 0 });
      app = createApp({
        setup: () => () => (openBlock(), createElementBlock("div", { class: "table" }, [
          (openBlock(true), createElementBlock(Fragment, null, renderList(state.rows, (row) =>
            (openBlock(), createElementBlock("div", { key: row.id, class: normalizeClass(["row", row.id === state.selected ? "danger" : ""]) }, [
              createElementVNode("div", { class: "id" }, toDisplayString(row.id), 1),
              createElementVNode("div", { class: "label", onClick: select, "data-id": row.id }, toDisplayString(row.label), 9, ["data-id"]),
              icon,
            ], 2))), 128)),
        ])),
      });
      app.mount(host);
    },
    create: show,
    replace: show,
    update(changes) {
      for (const [index, label] of changes) state.rows[index].label = label;
      return nextTick();
    },
    swap: show,
    remove: show,
    unmount() {
      app.unmount();
      host.remove();
    },
  };
}
