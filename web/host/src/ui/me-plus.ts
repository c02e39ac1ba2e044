// PLUS: how the consumer stands, joining, and whether it renews itself.
import { css, html, nothing } from "lit";
import { consumer, type Plus } from "../consumer";
import { extend, join, membership, nameOf, plans, renewal, type Plan } from "../plus";
import { day } from "../words/lang";
import { meWords } from "../words/me";
import { icons } from "./icons";
import type { Overlays } from "./overlays";
import { Part } from "./part";

export class MePlus extends Part<{ plus: Plus; plans: Plan[] }> {
  static override properties = { ...Part.properties, overlays: { attribute: false }, chosen: { state: true }, busy: { state: true } };
  declare overlays: Overlays;
  /** code of a plan, "" for the first */
  declare chosen: string;
  declare busy: boolean;

  constructor() {
    super();
    this.chosen = "";
    this.busy = false;
  }

  protected override async load(signal: AbortSignal) {
    const [plus, offered] = await Promise.all([membership(consumer.ask, signal), plans(consumer.ask, signal)]);
    return { plus, plans: offered };
  }

  private async change(act: () => Promise<unknown>, done: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await act();
      this.overlays.showToast({ title: done, icon: "success", image: null, mask: false }, 1500);
    } catch (e) {
      this.overlays.showToast({ title: e instanceof Error ? e.message : String(e), icon: "none", image: null, mask: false }, 2500);
    } finally {
      this.busy = false;
      await Promise.all([this.reload(), consumer.reload()]);
    }
  }

  static override styles = [...[Part.styles].flat(), css`
    .card { padding: 24px 20px; border-radius: 20px; color: #f4e3c1; background: radial-gradient(120% 160% at 100% 0, #6a5740, #2b2622 62%); }
    .card svg { width: 32px; height: 32px; }
    .card b { display: block; margin-top: 14px; font-size: 22px; line-height: 30px; }
    .card span { font-size: 14px; opacity: .9; }
    .renew { display: flex; align-items: center; gap: 12px; margin-top: 16px; padding: 14px 16px; background: var(--card); border-radius: 16px; box-shadow: var(--shadow); }
    .renew div { flex: 1; }
    .renew b { display: block; font-size: 16px; line-height: 22px; font-weight: 600; }
    .renew span { font-size: 13px; color: var(--ink-2); }
    .switch { position: relative; width: 50px; height: 30px; border-radius: 15px; background: var(--ink-2); flex: none; transition: background .15s; }
    .switch::after { content: ""; position: absolute; top: 3px; left: 3px; width: 24px; height: 24px; border-radius: 50%; background: #fff; transition: transform .15s; }
    .switch[aria-checked="true"] { background: #2e9e5b; }
    .switch[aria-checked="true"]::after { transform: translateX(20px); }
    .switch::before { content: ""; position: absolute; inset: -7px; }
    .plans { display: grid; gap: 10px; }
    .plans label { position: relative; display: flex; align-items: center; gap: 12px; min-height: 64px; padding: 10px 16px; background: var(--card); border-radius: 16px; box-shadow: var(--shadow); cursor: pointer; }
    .plans input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
    .plans label:has(:checked) { box-shadow: inset 0 0 0 2px #a8803c; }
    .plans label:has(:focus-visible) { outline: 2px solid var(--focus); outline-offset: 2px; }
    .plans div { flex: 1; min-width: 0; }
    .plans b { display: block; font-size: 16px; line-height: 22px; font-weight: 600; overflow-wrap: anywhere; }
    .plans span { font-size: 13px; color: var(--ink-2); }
    .note { margin-top: 10px; font-size: 13px; color: var(--ink-2); text-align: center; }
    .plans em { font-style: normal; font-size: 18px; font-weight: 600; font-variant-numeric: tabular-nums; }
    .go { display: block; width: 100%; min-height: 50px; margin-top: 18px; border-radius: 25px; font-size: 17px; font-weight: 600; background: #2b2622; color: #f4e3c1; }
    .go:disabled { opacity: .5; }
    .under { margin-top: 12px; font-size: 12px; line-height: 18px; color: var(--ink-2); }
  `];

  protected override show({ plus, plans }: { plus: Plus; plans: Plan[] }) {
    const t = meWords();
    const member = plus.level === "plus";
    const chosen = plans.find((p) => p.code === this.chosen) ?? plans.find((p) => p.joinable) ?? plans[0];
    const take = (p: Plan) => this.change(() => (member ? extend(consumer.ask, p.code, plus.until) : join(consumer.ask, p.code)), member ? t.extended : t.joined);
    return html`<section class="card">${icons.plus}<b>${t.plus}</b><span id="standing">${member ? t.plusUntil(day(plus.until)) : t.plusNone}</span></section>
      ${member ? html`<section class="renew"><div><b id="renew-label">${t.renew}</b><span>${plus.renews ? t.renewOn : t.renewOff}</span></div>
        <button class="switch" id="renew" role="switch" aria-checked=${plus.renews} aria-labelledby="renew-label" ?disabled=${this.busy} @click=${() => this.change(() => renewal(consumer.ask, !plus.renews), t.renewChanged)}></button></section>` : nothing}
      <h2>${t.plans}</h2>
      ${chosen ? html`<div class="plans" role="radiogroup" aria-label=${t.plans}>${plans.map((p) => html`<label><input type="radio" name="plan" value=${p.code} .checked=${p === chosen} @change=${() => (this.chosen = p.code)}><div><b>${nameOf(p)}</b><span>${t.days(String(p.days))}</span></div><em>${p.price === 0 ? t.free : yuan(p.price)}</em></label>`)}</div>
        <button class="go" id="join" ?disabled=${this.busy || !chosen.joinable} @click=${() => take(chosen)}>${member ? t.extend : t.join}</button>
        ${chosen.joinable ? nothing : html`<p class="note">${chosen.note}</p>`}` : html`<p class="hint">${t.noPlans}</p>`}
      <p class="under">${t.benefits} ${t.plusHint}</p>`;
  }
}

const yuan = (fen: number): string => "¥" + (fen / 100).toFixed(2);

customElements.define("mm-me-plus", MePlus);
