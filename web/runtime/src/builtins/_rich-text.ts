// rich-text: nodes or HTML from outside, shown as far as they are harmless.
import type { El } from "./_kit";
import { richNodes } from "./_rich-nodes";
const { Builtin, view, classIn } = window.$M;

export class RichText extends Builtin {
  private body!: HTMLElement;
  override mount(): void {
    this.body = document.createElement("div");
    this.body.setAttribute("mm-in", "");
    this.append(this.body);
  }
  override changed(name: string): void {
    if (name === "nodes" || name === "space") this.fill();
    else if (name === "user-select" || name === "selectable") this.body.style.userSelect = this.attr(name) ? "text" : "";
  }
  private fill(): void {
    const owner = view.events.ownerOf(this as El);
    this.body.replaceChildren(richNodes(this.attr("nodes"), {
      asset: (src) => view.builtins.asset(src, this), classes: (raw) => (owner ? classIn(owner.scope, raw) : raw), space: this.str("space"),
      complain: (what) => console.warn("rich-text: " + what),
    }));
  }
}
