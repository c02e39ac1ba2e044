// Hands a program's code to its two sides: each bundle once, each side's in the order the manifest gives.
import { fileAddress, type Launch } from "./launch";

export interface CodeText { code: string; name: string }

export interface CodeTargets {
  worker: (c: CodeText) => void;
  view: (c: CodeText) => void;
  /** Text of the file at an address. Rejects when it cannot be had. */
  text: (address: string) => Promise<string>;
}

export class Code {
  /** by address, so that what was asked for early is there when it is needed */
  private readonly texts = new Map<string, Promise<string>>();
  private readonly sent = new Set<string>();

  constructor(private readonly launch: Launch, private readonly to: CodeTargets) {}

  /** Starts fetching what a page needs, without handing it over. Failures show when it is loaded. */
  prefetch(page: string): void {
    const { logic, view } = this.filesOf(page);
    for (const name of [...logic, ...view]) this.text(name).catch(() => {});
  }

  /**
   * Hands over what a page needs and was not handed over before: the main package's logic (unless the page's package is
   * independent), its package's, its view bundles. Resolves when all of it is on its way, in order; a port keeps that order.
   */
  async load(page: string): Promise<void> {
    const { logic, view } = this.filesOf(page);
    for (const name of [...logic, ...view]) this.text(name).catch(() => {}); // all at once, though handed over one by one
    const send = async (names: string[], to: (c: CodeText) => void, side: string) => {
      for (const name of names) {
        const code = await this.text(name);
        if (this.sent.has(side + name)) continue;
        this.sent.add(side + name);
        to({ code, name });
      }
    };
    await Promise.all([send(logic, this.to.worker, "logic "), send(view, this.to.view, "view ")]);
  }

  /** Hands a built-in module to the view; again is harmless. Rejects when this server has no such module. */
  async builtin(name: string): Promise<void> {
    const address = Object.hasOwn(this.launch.runtime.builtins, name) ? this.launch.runtime.builtins[name] : undefined;
    if (address === undefined) throw new Error(`there is no built-in module "${name}"`);
    const code = await this.text(address);
    if (this.sent.has("builtin " + name)) return;
    this.sent.add("builtin " + name);
    this.to.view({ code, name: "builtin/" + name + ".js" });
  }

  has(page: string): boolean {
    return Object.hasOwn(this.launch.pages, page);
  }

  private filesOf(path: string): { logic: string[]; view: string[] } {
    const page = this.has(path) ? this.launch.pages[path] : undefined;
    if (!page) throw new Error(`there is no page ${path}`);
    const own = this.launch.packages[page.package]!;
    const main = this.launch.packages[""];
    const logic = own.independent || !main || own === main ? [own.logic] : [main.logic, own.logic];
    return { logic: logic.filter(Boolean), view: page.view };
  }

  private text(name: string): Promise<string> {
    let text = this.texts.get(name);
    if (!text) {
      text = this.to.text(fileAddress(this.launch, name));
      this.texts.set(name, text);
      text.catch(() => this.texts.delete(name)); // the next try asks again
    }
    return text;
  }
}
