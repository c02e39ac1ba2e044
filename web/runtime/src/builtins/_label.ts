// label: a tap on it is a tap on its control.
import type { Behaviour, El } from "./_kit";
const { Builtin } = window.$M;

export class Label extends Builtin implements Behaviour {
  tapped(): boolean {
    const id = this.str("for");
    const owner = this.view.events.ownerOf(this);
    const named = id && owner?.el ? Array.from(owner.el.querySelectorAll<El>("#" + CSS.escape(id))).find((el) => this.view.events.ownerOf(el) === owner) : undefined;
    const control = (named || (id ? null : Array.from(this.querySelectorAll<El>("*")).find((el) => "activate" in el))) as (El & Behaviour) | null | undefined;
    control?.activate?.();
    return true;
  }
}
