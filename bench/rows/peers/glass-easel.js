// WeChat's own open component framework, with its view on the page's thread and no copying between data and properties.
import * as ge from "glass-easel";
import { group } from "./glass-easel.gen.js";

export function glassEasel() {
  const space = new ge.ComponentSpace();
  const definition = space.defineComponent({
    is: "table", template: { groupList: group, content: group.table },
    options: { dataDeepCopy: "none", propertyPassingDeepCopy: "none" },
    data: { rows: [], selected: 0 }, methods: { select() {} },
  });
  const backend = (window.glassEaselBackend ??= new ge.CurrentWindowBackendContext());
  let root, host;
  return {
    mount(at) {
      host = at.appendChild(document.createElement("div"));
      const placeholder = host.appendChild(document.createElement("span"));
      root = ge.Component.createWithContext("table", definition.general(), backend);
      ge.Element.replaceDocumentElement(root, host, placeholder);
    },
    create: (rows) => root.setData({ rows }),
    replace: (rows) => root.setData({ rows }),
    update: (changes) => root.setData(Object.fromEntries(changes.map(([index, label]) => [`rows[${index}].label`, label]))),
    swap: (rows) => root.setData({ rows }),
    remove: (rows) => root.setData({ rows }),
    unmount() {
      ge.Element.pretendDetached?.(root);
      host.remove();
    },
  };
}
