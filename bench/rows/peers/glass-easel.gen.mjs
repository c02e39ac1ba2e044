// Compiles the row template with glass-easel's own compiler, and prints a module.
import { createRequire } from "node:module";
const { TmplGroup } = createRequire(import.meta.url)("glass-easel-template-compiler");
const group = new TmplGroup();
group.addTmpl("table", `<div class="table"><div wx:for="{{rows}}" wx:key="id" class="row {{item.id === selected ? 'danger' : ''}}">` +
  `<div class="id">{{item.id}}</div><div class="label" bind:tap="select" data-id="{{item.id}}">{{item.label}}</div><div class="icon"></div></div></div>`);
process.stdout.write(`export const group = ${group.getTmplGenObjectGroups()};\n`);
