// page-meta: looks of the page it stands in.
const { Builtin } = window.$M;

export class PageMeta extends Builtin {
  override changed(name: string, value: unknown): void {
    const page = this.closest<HTMLElement>("mm-page");
    if (!page) return;
    const text = String(value ?? "");
    if (name === "page-style") page.style.cssText = text;
    else if (name === "background-color" || name === "root-background-color") page.parentElement!.style.background = text;
    else if (name === "root-font-size" || name === "page-font-size") (name === "root-font-size" ? document.documentElement : page).style.fontSize = text;
    else if (name === "scroll-top" && page && value !== "" && Number.isFinite(Number(value))) this.view.after(() => {
      const owner = this.view.events.ownerOf(this);
      if (owner) this.view.pages.scrollTo(owner.page, Number(value), this.num("scroll-duration", 300));
    });
  }
}
