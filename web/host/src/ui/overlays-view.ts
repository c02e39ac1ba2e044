// Draws the overlays of a screen: toast, and dialogs on top of each other.
import { css, html, nothing, type PropertyValues } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { copy } from "../bridge/device";
import { consumer } from "../consumer";
import { accountWords } from "../words/account";
import { overlayWords } from "../words/overlays";
import { sharingWords } from "../words/sharing";
import { meAddress } from "../address";
import "./allowed";
import { Element, base } from "./base";
import "./consent";
import { trapFocus } from "./dialog";
import "./gallery";
import { icons } from "./icons";
import "./sign-in";
import type { Answers, Dialog, MenuChoice, OpenDialog, Overlays, ProgramCard } from "./overlays";
import { styled } from "./styled";
import "./tile";

type Of<K extends Dialog["kind"]> = Extract<Dialog, { kind: K }>;

export class OverlaysView extends Element {
  static override properties = { overlays: { attribute: false } };
  declare overlays: Overlays;
  private stop: (() => void) | null = null;
  private readonly traps = new Map<number, () => void>();
  /** dialogs that a pointer was put on */
  private readonly pressed = new WeakSet<EventTarget>();

  override connectedCallback(): void {
    super.connectedCallback();
    this.stop = this.overlays.follow(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop?.();
    for (const release of this.traps.values()) release();
    this.traps.clear();
  }

  protected override updated(_: PropertyValues): void {
    const open = new Set(this.overlays.dialogs.map((d) => d.id));
    for (const [id, release] of [...this.traps].reverse()) {
      if (open.has(id)) continue;
      this.traps.delete(id);
      release();
    }
    for (const d of this.overlays.dialogs) {
      if (this.traps.has(d.id)) continue;
      const root = this.renderRoot.querySelector<HTMLElement>(`#dialog-${d.id}`);
      if (root) this.traps.set(d.id, trapFocus(root, () => d.answer(null)));
    }
  }

  static override styles = [base, css`
    :host { position: absolute; inset: 0; pointer-events: none; }
    .veil { position: absolute; inset: 0; background: var(--shade); pointer-events: auto; display: flex; animation: fade .18s; }
    .veil.middle { align-items: center; justify-content: center; padding: 32px; }
    .veil.bottom { align-items: flex-end; }
    @keyframes fade { from { opacity: 0; } }
    @keyframes rise { from { transform: translateY(24px); opacity: 0; } }
    @keyframes grow { from { transform: scale(.94); opacity: 0; } }
    :is([role="dialog"], [role="alertdialog"]):is(*, :focus-visible) { outline: 0; }
    .modal { width: min(100%, 320px); max-height: 100%; display: flex; flex-direction: column; background: var(--card); border-radius: 18px; overflow: hidden; animation: grow .18s; }
    .modal .text { padding: 28px 24px 24px; text-align: center; overflow-y: auto; }
    .modal h2 { font-size: 17px; line-height: 24px; font-weight: 600; overflow-wrap: anywhere; }
    .modal p { font-size: 16px; line-height: 24px; color: var(--ink-2); white-space: pre-wrap; overflow-wrap: anywhere; }
    .modal h2 + p { margin-top: 8px; }
    .modal textarea { width: 100%; margin-top: 14px; min-height: 80px; resize: none; padding: 10px 12px; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); }
    .modal .buttons { display: flex; border-top: 1px solid var(--line); flex: none; }
    .modal .buttons button { flex: 1; min-height: 54px; font-size: 17px; font-weight: 600; padding: 0 8px; }
    .modal .buttons button + button { border-left: 1px solid var(--line); }
    .modal .buttons button:active, .sheet .item:active { background: var(--press); }
    .modal .buttons button:focus-visible { outline-offset: -4px; }
    .modal .yes { color: var(--accent); }
    .sheet { width: 100%; max-height: 82%; overflow-y: auto; background: var(--paper); border-radius: 18px 18px 0 0; padding-bottom: max(var(--bottom), 8px); animation: rise .22s cubic-bezier(.2, .8, .3, 1); }
    .sheet:has(> :is(mm-consent, mm-sign-in)) { background: var(--card); }
    .sheet .label { padding: 16px 20px; text-align: center; font-size: 13px; color: var(--ink-2); background: var(--card); border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    .sheet .item { display: block; width: 100%; min-height: 56px; padding: 8px 20px; background: var(--card); font-size: 17px; overflow-wrap: anywhere; }
    .sheet .item + .item { border-top: 1px solid var(--line); }
    .sheet .item:focus-visible { outline-offset: -4px; }
    .sheet .last { margin-top: 8px; }
    .card { display: flex; align-items: center; gap: 12px; padding: 20px 20px 4px; --size: 48px; }
    .card div { min-width: 0; }
    .card b { display: block; font-size: 17px; line-height: 24px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .card span { font-size: 13px; color: var(--ink-2); }
    .grid { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px; padding: 16px 12px 20px; }
    .grid button { display: flex; flex-direction: column; align-items: center; gap: 8px; padding: 6px 0; font-size: 12px; color: var(--ink-2); border-radius: 12px; }
    .grid i { width: 56px; height: 56px; border-radius: 16px; background: var(--card); display: grid; place-items: center; color: var(--ink); box-shadow: var(--shadow); }
    .grid button:active i { background: var(--press); }
    .about { padding: 28px 24px 16px; --size: 72px; }
    .about mm-program-icon { margin: 0 auto 12px; box-shadow: var(--shadow); }
    .about h2 { text-align: center; font-size: 20px; }
    .about .maker { text-align: center; font-size: 13px; color: var(--ink-2); margin-top: 2px; }
    .about mm-allowed { display: block; margin-top: 20px; }
    .about .manage { display: flex; align-items: center; justify-content: space-between; min-height: 48px; padding: 0 12px 0 16px; margin-top: 10px; background: var(--card); border-radius: 14px; color: inherit; text-decoration: none; font-size: 14px; }
    .about .manage svg { width: 18px; height: 18px; color: var(--ink-2); }
    .about .summary { text-align: center; color: var(--ink-2); font-size: 14px; margin-top: 4px; }
    .about dl { margin-top: 20px; background: var(--card); border-radius: 14px; padding: 4px 16px; }
    .about dl > div { padding: 12px 0; font-size: 14px; display: flex; gap: 16px; justify-content: space-between; }
    .about dl > div + div { border-top: 1px solid var(--line); }
    .about dt { color: var(--ink-2); flex: none; }
    .about dd { text-align: right; overflow-wrap: anywhere; min-width: 0; }
    .about .note { margin-top: 14px; font-size: 12px; line-height: 18px; color: var(--ink-2); }
    .share { padding: 20px 20px 4px; }
    .share figure { margin: 0 0 4px; background: var(--card); border-radius: 16px; overflow: hidden; box-shadow: var(--shadow); }
    .share figure img { display: block; width: 100%; aspect-ratio: 5 / 4; object-fit: cover; background: var(--press); }
    .share figcaption { padding: 14px 16px; }
    .share b { display: block; font-size: 16px; line-height: 22px; overflow-wrap: anywhere; }
    .share span { font-size: 12px; color: var(--ink-2); }
    .share input { width: 100%; margin-top: 10px; border: 1px solid var(--line); border-radius: 10px; padding: 8px 10px; background: var(--paper); font: 12px/1.4 var(--mono); color: var(--ink-2); }
    .toasts { position: absolute; inset: 0; display: grid; place-items: center; padding: 40px; }
    .toasts.mask { pointer-events: auto; }
    .toast { max-width: 240px; background: rgb(40 40 44 / 92%); color: #fff; border-radius: 14px; padding: 14px 20px; font-size: 15px; line-height: 22px; text-align: center; overflow-wrap: anywhere; animation: fade .15s; display: -webkit-box; -webkit-line-clamp: 8; -webkit-box-orient: vertical; overflow: hidden; }
    .toast.icon { width: 136px; min-height: 136px; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 12px; padding: 16px 12px; }
    .toast.icon svg { width: 44px; height: 44px; stroke-width: 1.5; }
    .toast img { width: 56px; height: 56px; object-fit: contain; }
    .spin { width: 38px; height: 38px; border-radius: 50%; border: 3px solid rgb(255 255 255 / 28%); border-top-color: #fff; animation: turn .9s linear infinite; }
    @keyframes turn { to { transform: rotate(360deg); } }
  `];

  protected override render() {
    return html`${repeat(this.overlays.dialogs, (d) => d.id, (d, i) => this.dialog(d, i === this.overlays.dialogs.length - 1))}${this.toast()}`;
  }

  private dialog(open: OpenDialog, top: boolean) {
    const { dialog } = open;
    const cancel = () => open.answer(null);
    const pressed = { capture: true, handleEvent: (e: Event) => void this.pressed.add(e.currentTarget!) };
    const clickOn = (outside: boolean) => ({
      capture: true,
      handleEvent: (e: MouseEvent) => {
        // A finger that opened the dialog by a long press and is lifted now clicks what lies under it: that is no answer.
        if (e.detail > 0 && !this.pressed.has(e.currentTarget!)) e.stopPropagation();
        else if (outside && e.target === e.currentTarget) cancel();
      },
    });
    const veil = (place: string, body: unknown, o: { label: string; alert?: boolean; outside?: boolean }) => html`
      <div class="veil ${place}" ?inert=${!top} @pointerdown=${pressed} @click=${clickOn(o.outside ?? false)}>
        <div id="dialog-${open.id}" class=${place === "middle" ? "modal" : place === "bottom" ? "sheet" : "whole"} role=${o.alert ? "alertdialog" : "dialog"} aria-modal="true" aria-label=${o.label} tabindex="-1">${body}</div>
      </div>`;
    const t = overlayWords();
    switch (dialog.kind) {
      case "modal":
        return veil("middle", this.modal(dialog, open), { label: dialog.title || dialog.content, alert: true });
      case "actions":
        return veil("bottom", this.actions(dialog, open, cancel), { label: dialog.title || dialog.items.join(", "), outside: true });
      case "menu":
        return veil("bottom", this.menu(dialog, open, cancel), { label: t.menu, outside: true });
      case "share":
        return veil("bottom", this.share(dialog, cancel), { label: sharingWords().title, outside: true });
      case "about":
        return veil("bottom", this.about(dialog.program, cancel), { label: t.about, outside: true });
      case "sign-in":
        return veil("bottom", html`<mm-sign-in .program=${dialog.program} @mm-done=${() => open.answer({} satisfies Answers["sign-in"])} @mm-cancel=${cancel}></mm-sign-in>`, { label: accountWords().signIn });
      case "consent":
        return veil("bottom", html`<mm-consent .question=${dialog} @mm-agree=${() => open.answer({} satisfies Answers["consent"])} @mm-refuse=${cancel}></mm-consent>`, { label: accountWords().asksFor(dialog.name, accountWords()[dialog.what]), alert: true });
      case "gallery":
        return veil("all", html`<mm-gallery .urls=${dialog.urls} .at=${dialog.at} @mm-close=${cancel}></mm-gallery>`, { label: t.gallery("1", String(dialog.urls.length)) });
    }
  }

  private modal(d: Of<"modal">, open: OpenDialog) {
    const t = overlayWords();
    const answer = () => {
      const text = this.renderRoot.querySelector<HTMLTextAreaElement>(`#dialog-${open.id} textarea`)?.value ?? "";
      open.answer({ text } satisfies Answers["modal"]);
    };
    return html`
      <div class="text">${d.title ? html`<h2>${d.title}</h2>` : nothing}
        ${d.editable
          ? html`<textarea data-first maxlength="5000" .value=${d.content} placeholder=${d.placeholder ?? ""} aria-label=${d.title || t.input}></textarea>`
          : d.content ? html`<p>${d.content}</p>` : nothing}</div>
      <div class="buttons">
        ${d.cancel === null ? nothing : html`<button ${styled(d.cancelColor ? { color: d.cancelColor } : {})} @click=${() => open.answer(null)}>${d.cancel || t.cancel}</button>`}
        <button class="yes" ?data-first=${!d.editable} ${styled(d.confirmColor ? { color: d.confirmColor } : {})} @click=${answer}>${d.confirm || t.confirm}</button>
      </div>`;
  }

  private actions(d: Of<"actions">, open: OpenDialog, cancel: () => void) {
    return html`${d.title ? html`<p class="label">${d.title}</p>` : nothing}
      ${d.items.map((item, index) => html`<button class="item" ${styled(d.color ? { color: d.color } : {})} @click=${() => open.answer({ index } satisfies Answers["actions"])}>${item}</button>`)}
      <button class="item last" @click=${cancel}>${overlayWords().cancel}</button>`;
  }

  private menu(d: Of<"menu">, open: OpenDialog, cancel: () => void) {
    const t = overlayWords();
    const item = (choice: MenuChoice, icon: unknown, label: string) => html`<button data-choice=${choice} @click=${() => open.answer({ choice } satisfies Answers["menu"])}><i>${icon}</i>${label}</button>`;
    return html`${this.card(d.program)}
      <div class="grid">
        ${d.canShare ? item("share", icons.share, t.share) : item("link", icons.link, t.copyLink)}
        ${item("favourite", d.favourite ? icons.starred : icons.star, d.favourite ? t.unfavourite : t.favourite)}
        ${item("restart", icons.restart, t.restart)}${item("about", icons.about, t.about)}
      </div><button class="item" @click=${cancel}>${t.cancel}</button>`;
  }

  private card(p: ProgramCard) {
    return html`<div class="card"><mm-program-icon .name=${p.name} .src=${p.icon} .key=${p.id}></mm-program-icon><div><b>${p.name}</b><span>${versionLabel(p)}</span></div></div>`;
  }

  private share(d: Of<"share">, cancel: () => void) {
    const t = sharingWords();
    const say = (title: string, icon: "success" | "none") => this.overlays.showToast({ title, icon, image: null, mask: false }, 1800);
    const copyLink = () => copy(d.link).then(() => (cancel(), say(t.copied, "success")), () => say(t.copyFailed, "none"));
    const system = () => navigator.share({ title: d.title, url: d.link }).then(cancel, () => {}); // cancelled there: the sheet stays
    return html`<div class="share"><figure>${d.image ? html`<img src=${d.image} alt="">` : nothing}
        <figcaption><b>${d.title}</b><span>${t.from(d.name)}</span><input readonly aria-label=${t.copyLink} .value=${d.link} @focus=${(e: Event) => (e.target as HTMLInputElement).select()}></figcaption></figure></div>
      <div class="grid"><button data-first @click=${copyLink}><i>${icons.link}</i>${t.copyLink}</button>
        ${typeof navigator.share === "function" ? html`<button @click=${system}><i>${icons.share}</i>${t.system}</button>` : nothing}</div>
      <button class="item" @click=${cancel}>${overlayWords().cancel}</button>`;
  }

  private about(p: ProgramCard, cancel: () => void) {
    const t = overlayWords();
    const lines = (items: string[], none: string) => (items.length ? items.map((i) => html`<div>${i}</div>`) : none);
    return html`<div class="about"><mm-program-icon .name=${p.name} .src=${p.icon} .key=${p.id}></mm-program-icon><h2>${p.name}</h2>
        ${p.organisation ? html`<p class="maker">${accountWords().madeBy(p.organisation)}</p>` : nothing}
        ${p.summary ? html`<p class="summary">${p.summary}</p>` : nothing}
        ${consumer.me ? html`<mm-allowed .app=${p.id} compact></mm-allowed>
          <a class="manage" href=${meAddress("privacy", p.id)} @click=${(e: MouseEvent) => { e.preventDefault(); cancel(); this.emit("mm-open", meAddress("privacy", p.id)); }}>${accountWords().manageAllowed}${icons.forward}</a>` : nothing}
        <dl><div><dt>${t.version}</dt><dd>${versionLabel(p)}</dd></div><div><dt>${t.id}</dt><dd>${p.id}</dd></div>
          <div><dt>${t.domains}</dt><dd>${lines(p.domains, t.noDomains)}</dd></div>
          ${p.asked.length ? html`<div><dt>${t.asked}</dt><dd>${lines(p.asked.map((a) => `${a.thing} · ${a.allowed ? t.allowed : t.denied}`), "")}</dd></div>` : nothing}</dl>
        <p class="note">${t.sandbox}</p></div>
      <button class="item" @click=${cancel}>${t.close}</button>`;
  }

  private toast() {
    const { toast, questioning } = this.overlays;
    if (!toast || questioning) return nothing;
    const picture = toast.image ? html`<img src=${toast.image} alt="">`
      : toast.icon === "loading" ? html`<div class="spin"></div>`
      : toast.icon === "success" ? icons.check
      : toast.icon === "none" ? null : icons.fail;
    return html`<div class="toasts ${toast.mask ? "mask" : ""}"><div class="toast ${picture ? "icon" : ""}" role=${toast.icon === "error" ? "alert" : "status"}>${picture}
      ${toast.title || toast.icon === "loading" ? html`<span>${toast.title || overlayWords().loading}</span>` : nothing}</div></div>`;
  }
}

/** "1.2.0 · Trial"; a release needs no saying so. */
export function versionLabel(p: { version: string; label?: string; versionType: string }): string {
  const t = overlayWords();
  const type = p.versionType === "trial" ? t.trial : p.versionType === "develop" ? t.develop : t.release;
  return `${p.label || p.version} · ${type}`;
}

customElements.define("mm-overlays", OverlaysView);
