// What programs were allowed and what they learned: all of them, and one.
import { css, html, nothing } from "lit";
import { meAddress, programAddress } from "../address";
import { consents, disclosures, forget, type Disclosure } from "../consents";
import { consumer } from "../consumer";
import { Problem } from "../fetching";
import { accountWords } from "../words/account";
import { moment } from "../words/lang";
import { meWords } from "../words/me";
import "./allowed";
import { icons } from "./icons";
import type { Overlays } from "./overlays";
import { Part } from "./part";
import "./tile";

interface Known { app: string; name: string; icon: string; allowed: number; last: number }

/** Every program that was allowed something or has learned something. */
export class MePrivacy extends Part<Known[]> {
  protected override async load(signal: AbortSignal): Promise<Known[]> {
    const [allowed, learned] = await Promise.all([consents(consumer.ask, signal), disclosures(consumer.ask, "", "", signal)]);
    const known = new Map<string, Known>();
    const meet = (c: { app: string; appName: string; icon: string }, at: number, allowed: number) => {
      const k = known.get(c.app) ?? { app: c.app, name: c.appName, icon: c.icon, allowed: 0, last: 0 };
      known.set(c.app, { ...k, allowed: k.allowed + allowed, last: Math.max(k.last, at) });
    };
    for (const c of allowed) meet(c, Math.max(c.givenAt, c.lastUsedAt), 1);
    for (const d of learned.items) meet(d, d.lastAt, 0);
    return [...known.values()].sort((a, b) => b.last - a.last);
  }

  static override styles = [...[Part.styles].flat(), css`
    a { --size: 44px; display: flex; align-items: center; gap: 14px; min-height: 72px; padding: 12px 12px 12px 16px; color: inherit; text-decoration: none; }
    a:hover { background: var(--press); }
    a:focus-visible { outline-offset: -3px; border-radius: 16px; }
    a div { flex: 1; min-width: 0; }
    b { display: block; font-size: 16px; line-height: 22px; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    span { font-size: 13px; line-height: 18px; color: var(--ink-2); }
    a > svg { width: 18px; height: 18px; color: var(--ink-2); }
    .list { margin-top: 16px; }
  `];

  protected override show(all: Known[]) {
    const t = meWords();
    if (all.length === 0) return html`<div class="message">${icons.shield}<h2>${t.nothing}</h2><p>${t.nothingHint}</p></div>`;
    return html`<p class="hint">${t.privacyHint}</p><ul class="list">${all.map((k) => html`<li><a href=${meAddress("privacy", k.app)} data-app=${k.app} @click=${(e: MouseEvent) => { e.preventDefault(); this.emit("mm-open", meAddress("privacy", k.app)); }}>
      <mm-program-icon .name=${k.name} .src=${k.icon} .key=${k.app}></mm-program-icon><div><b>${k.name}</b><span>${k.allowed > 0 ? t.allowedCount(String(k.allowed)) : t.allowedNone}</span></div>${icons.forward}</a></li>`)}</ul>`;
  }
}

/** One program: what it was allowed, what it learned when, and forgetting it. */
export class MeProgram extends Part<{ items: Disclosure[]; next: string; name: string; icon: string }> {
  static override properties = { ...Part.properties, app: {}, overlays: { attribute: false }, busy: { state: true } };
  declare app: string;
  declare overlays: Overlays;
  declare busy: boolean;

  constructor() {
    super();
    this.app = "";
    this.busy = false;
  }

  protected override async load(signal: AbortSignal) {
    const [page, all] = await Promise.all([disclosures(consumer.ask, this.app, "", signal), consents(consumer.ask, signal)]);
    const known = page.items[0] ?? all.find((c) => c.app === this.app);
    return { ...page, name: known?.appName ?? this.app, icon: known?.icon ?? "" };
  }

  private async more(): Promise<void> {
    if (this.loaded.is !== "there" || this.busy) return;
    const before = this.loaded.value;
    this.busy = true;
    try {
      const page = await disclosures(consumer.ask, this.app, before.next, this.over.signal);
      this.loaded = { is: "there", value: { ...before, next: page.next, items: [...before.items, ...page.items] } };
    } catch {
      // the button is there again
    } finally {
      this.busy = false;
    }
  }

  private async forget(name: string): Promise<void> {
    const t = meWords();
    const yes = await this.overlays.open({ kind: "modal", title: t.forget, content: t.forgetHint(name), cancel: "", confirm: t.forget, confirmColor: "var(--error)" }).catch(() => null);
    if (yes === null) return;
    this.busy = true;
    try {
      await forget(consumer.ask, this.app);
      this.overlays.showToast({ title: t.forgotten, icon: "success", image: null, mask: false }, 1500);
      this.emit("mm-up");
    } catch (e) {
      this.overlays.showToast({ title: e instanceof Problem ? e.message : String(e), icon: "none", image: null, mask: false }, 2500);
    } finally {
      this.busy = false;
    }
  }

  static override styles = [...[Part.styles].flat(), css`
    .who { --size: 56px; display: flex; align-items: center; gap: 14px; }
    .who b { display: block; font-size: 18px; line-height: 26px; overflow-wrap: anywhere; }
    .who a { display: inline-flex; align-items: center; min-height: 32px; font-size: 14px; color: var(--accent); text-decoration: none; }
    .list li { display: flex; gap: 12px; padding: 12px 16px; font-size: 14px; line-height: 20px; }
    .list li div { flex: 1; min-width: 0; }
    .list li div::first-letter { text-transform: uppercase; }
    .list time { color: var(--ink-2); font-size: 13px; flex: none; font-variant-numeric: tabular-nums; }
    .list em { font-style: normal; color: var(--ink-2); font-size: 13px; margin-left: 6px; }
    .empty { padding: 14px 16px; background: var(--card); border-radius: 16px; font-size: 14px; color: var(--ink-2); }
    .wide { display: block; width: 100%; margin-top: 14px; }
    .danger { margin-top: 28px; color: var(--error); }
    .under { margin-top: 10px; font-size: 12px; line-height: 18px; color: var(--ink-2); }
  `];

  protected override show(v: { items: Disclosure[]; next: string; name: string; icon: string }) {
    const t = meWords(), a = accountWords();
    return html`<div class="who"><mm-program-icon .name=${v.name} .src=${v.icon} .key=${this.app}></mm-program-icon><div><b>${v.name}</b>
        <a href=${programAddress(this.app)} @click=${(e: MouseEvent) => { e.preventDefault(); this.emit("mm-open", programAddress(this.app)); }}>${t.openIt}</a></div></div>
      <h2>${t.allowed}</h2><mm-allowed .app=${this.app} @mm-withdrawn=${() => this.reload()}></mm-allowed>
      <h2>${t.learned}</h2>
      ${v.items.length === 0 ? html`<p class="empty">${t.learnedNone}</p>` : html`<ul class="list" id="learned">${v.items.map((d) => html`<li><div>${d.kind === "login" ? t.learnedLogin : a[d.kind]}${d.times > 1 ? html`<em>${t.times(String(d.times))}</em>` : nothing}</div><time>${moment(d.lastAt)}</time></li>`)}</ul>`}
      ${v.next ? html`<button class="plain wide" ?disabled=${this.busy} @click=${() => this.more()}>${t.more}</button>` : nothing}
      <button class="plain wide danger" id="forget" ?disabled=${this.busy} @click=${() => this.forget(v.name)}>${t.forget}</button><p class="under">${t.forgetHint(v.name)}</p>`;
  }
}

customElements.define("mm-me-privacy", MePrivacy);
customElements.define("mm-me-program", MeProgram);
