// Where the consumer is signed in.
import { css, html } from "lit";
import { listed } from "../consents";
import { consumer, str } from "../consumer";
import { deviceName } from "../device-name";
import { moment } from "../words/lang";
import { meWords } from "../words/me";
import type { Overlays } from "./overlays";
import { Part } from "./part";

interface Session { id: string; agent: string; address: string; current: boolean; seenAt: number }

export class MeDevices extends Part<Session[]> {
  static override properties = { ...Part.properties, overlays: { attribute: false }, busy: { state: true } };
  declare overlays: Overlays;
  declare busy: boolean;

  constructor() {
    super();
    this.busy = false;
  }

  protected override async load(signal: AbortSignal): Promise<Session[]> {
    const { items } = listed(await consumer.ask("GET", "/me/sessions", undefined, signal));
    return items.map((o) => ({ id: str(o.id), agent: str(o.agent), address: str(o.address), current: o.current === true, seenAt: Number(o.seenAt) || 0 }));
  }

  private async end(s: Session): Promise<void> {
    this.busy = true;
    try {
      await consumer.ask("DELETE", `/me/sessions/${encodeURIComponent(s.id)}`);
      this.overlays.showToast({ title: meWords().ended, icon: "success", image: null, mask: false }, 1500);
      await this.reload();
    } catch (e) {
      this.overlays.showToast({ title: e instanceof Error ? e.message : String(e), icon: "none", image: null, mask: false }, 2500);
    } finally {
      this.busy = false;
    }
  }

  static override styles = [...[Part.styles].flat(), css`
    .list { margin-top: 16px; }
    .list li { display: flex; align-items: center; gap: 12px; padding: 14px 8px 14px 16px; }
    .list div { flex: 1; min-width: 0; }
    b { display: block; font-size: 16px; line-height: 22px; font-weight: 600; }
    span { display: block; font-size: 13px; line-height: 19px; color: var(--ink-2); overflow-wrap: anywhere; }
    em { font-style: normal; font-size: 12px; padding: 3px 8px; margin-right: 8px; border-radius: 8px; background: var(--press); flex: none; }
    .list button { min-height: 44px; padding: 0 12px; border-radius: 12px; color: var(--accent); font-size: 14px; font-weight: 600; flex: none; }
  `];

  protected override show(sessions: Session[]) {
    const t = meWords();
    return html`<p class="hint">${t.devicesHint}</p><ul class="list">${sessions.map((s) => {
      const name = deviceName(s.agent) || t.unknownDevice;
      return html`<li><div><b>${name}</b><span>${s.address ? `${s.address} · ` : ""}${t.lastSeen(moment(s.seenAt))}</span></div>
        ${s.current ? html`<em>${t.thisDevice}</em>` : html`<button data-session=${s.id} aria-label=${t.endOf(name)} ?disabled=${this.busy} @click=${() => this.end(s)}>${t.end}</button>`}</li>`;
    })}</ul>`;
  }
}

customElements.define("mm-me-devices", MeDevices);
