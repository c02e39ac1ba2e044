// The other side: glass-easel with its mini-program adapter, in the same document.
import * as easel from "glass-easel";
import { MiniProgramEnv } from "glass-easel-miniprogram-adapter";
import { TmplGroup } from "glass-easel-template-compiler";
import { PAGE, type Case } from "./case";
import { find, push, show, tokens, type Look } from "./look";
import type { Side } from "./stage";

export function oracle(c: Case, root: HTMLElement, say: (text: string) => void): Side {
  const env = new MiniProgramEnv();
  const space = env.createCodeSpace("", true);
  const group = new TmplGroup();
  const units: string[] = [];
  for (const [path, text] of Object.entries(c.files)) {
    const bare = path.replace(/\.\w+$/, "");
    if (path.endsWith(".wxml")) group.addTmpl(bare, colons(text));
    else if (path.endsWith(".wxs")) [bare, path].forEach((name) => group.addScript(name, text)); // `src` finds one, `require` the other
    if (path.endsWith(".json") && c.files[bare + ".wxml"] !== undefined) units.push(bare);
  }
  const groups = new Function("return " + group.getTmplGenObjectGroups())();
  group.free();
  const modules: Record<string, { exports: any }> = {};
  for (const unit of units) {
    space.addComponentStaticConfig(unit, JSON.parse(c.files[unit + ".json"]!));
    space.addStyleSheet(unit, undefined, "s" + units.indexOf(unit));
    space.addCompiledTemplate(unit, { groupList: groups, content: groups[unit] });
  }
  for (const unit of units) {
    space.componentEnv(unit, (scope: any) => {
      const load = (file: string): any => {
        if (modules[file]) return modules[file]!.exports;
        // Behaviors of the platform are not part of the adapter; it knows `export` without.
        const text = c.files[file]?.replace(`"wx://component-export"`, "");
        if (text === undefined) throw new Error(`no module ${file}`);
        const module = (modules[file] = { exports: {} as any });
        const require = (other: string): any => load(resolve(file, other));
        new Function("module", "exports", "require", "Page", "Component", "Behavior", text)(module, module.exports, require, scope.Page, scope.Component, scope.Behavior);
        return module.exports;
      };
      load(unit + ".js");
    });
  }
  Object.assign(window, { getRegExp: (source: string, flags?: string) => new RegExp(source, flags), getDate: (...args: [number]) => new Date(...args) });
  const backend = new easel.CurrentWindowBackendContext();
  const at = env.associateBackend(backend).createRoot("page", space, PAGE);
  const spot = document.createElement("div");
  root.append(spot);
  at.attach(root as any, spot as any);
  const page: any = at.get();
  const see = (el: any): (Look | string)[] => {
    const out: (Look | string)[] = [];
    el.forEachComposedChild((node: any) => {
      if (node instanceof easel.TextNode) push(out, node.textContent);
      else if (easel.VirtualNode.isVirtualNode(node) || (easel.Component.isComponent(node) && (node as any).getComponentOptions().virtualHost)) see(node).forEach((x) => push(out, x));
      else {
        const dom = node.$$ as HTMLElement;
        out.push({
          tag: (node.tagName ?? node.is).toLowerCase(), id: String(node.id ?? ""), classes: tokens(dom.getAttribute("class") ?? ""), style: dom.style.cssText,
          hidden: !!dom.hidden, data: { ...node.dataset }, children: see(node), node,
        });
      }
      return true;
    });
    return out;
  };
  const look = () => see(at.getComponent());
  void say;
  return {
    page, settle: () => {}, show: () => show(look()),
    has: (id) => !!find(look(), id),
    tap(id, detail) {
      const found = find(look(), id);
      if (!found) throw new Error(`there is no #${id}`);
      easel.Event.dispatchEvent(found.node as any, new easel.Event("tap", detail ?? {}, { bubbles: true, composed: true, capturePhase: true }));
    },
    end() {
      at.release();
      root.remove();
    },
  };
}

/** This compiler reads `bind:tap` and not the older `bindtap`, which the platform's own tools spell out before. */
const colons = (wxml: string): string => wxml.replace(/(\s(?:capture-)?(?:bind|catch)|\smut-bind)(?=[a-z])/g, "$1:");

function resolve(from: string, to: string): string {
  const parts = to.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const piece of to.split("/")) {
    if (piece === "..") parts.pop();
    else if (piece && piece !== ".") parts.push(piece);
  }
  const path = parts.join("/");
  return path.endsWith(".js") ? path : path + ".js";
}
