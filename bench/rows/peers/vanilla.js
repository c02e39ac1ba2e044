// What someone would write by hand who knows the DOM well: clone a row, keep hold of its text nodes, touch what changed.
export function vanilla() {
  const template = document.createElement("template");
  template.innerHTML = `<div class="row"><div class="id"> </div><div class="label"> </div><div class="icon"></div></div>`;
  const make = (row) => {
    const el = template.content.firstChild.cloneNode(true);
    el.firstChild.firstChild.data = row.id;
    const label = el.childNodes[1];
    label.firstChild.data = row.label;
    label.dataset.id = row.id;
    return el;
  };
  let table;
  const show = (rows) => {
    table.textContent = "";
    const all = document.createDocumentFragment();
    for (const row of rows) all.appendChild(make(row));
    table.appendChild(all);
  };
  return {
    mount(host) {
      table = host.appendChild(document.createElement("div"));
      table.className = "table";
    },
    create: (rows) => show(rows),
    replace: (rows) => show(rows),
    update(changes) {
      for (const [index, label] of changes) table.childNodes[index].childNodes[1].firstChild.data = label;
    },
    swap(rows, a, b) {
      const first = table.childNodes[a], second = table.childNodes[b], after = second.nextSibling;
      table.insertBefore(second, first);
      table.insertBefore(first, after);
    },
    remove(rows, index) {
      table.childNodes[index].remove();
    },
    unmount() {
      table.remove();
    },
  };
}
