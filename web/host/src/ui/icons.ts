// The host's icons, drawn here: 24 × 24, one stroke, the colour of the text around them.
import { html, svg, type TemplateResult } from "lit";

const icon = (body: unknown) => html`<svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${body}</svg>`;

export const icons = {
  back: icon(svg`<path d="M15 4.5 7.5 12l7.5 7.5"/>`),
  forward: icon(svg`<path d="m9 4.5 7.5 7.5L9 19.5"/>`),
  home: icon(svg`<path d="M4 11.2 12 4.5l8 6.7V19a1 1 0 0 1-1 1h-4.5v-5h-5v5H5a1 1 0 0 1-1-1z"/>`),
  search: icon(svg`<circle cx="11" cy="11" r="6.2"/><path d="m15.8 15.8 4.2 4.2"/>`),
  close: icon(svg`<path d="m6.5 6.5 11 11m0-11-11 11"/>`),
  share: icon(svg`<path d="M12 14.5v-10m-3.8 3.3L12 4l3.8 3.8M5 12.5V18a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2v-5.5"/>`),
  link: icon(svg`<path d="m9.5 14.5 5-5M8 11.5l-2 2a3.5 3.5 0 0 0 5 5l2-2m3-4 2-2a3.5 3.5 0 0 0-5-5l-2 2"/>`),
  star: icon(svg`<path d="m12 4.5 2.3 4.8 5.2.7-3.8 3.7.9 5.2-4.6-2.5-4.6 2.5.9-5.2L4.5 10l5.2-.7z"/>`),
  starred: icon(svg`<path fill="currentColor" d="m12 4.5 2.3 4.8 5.2.7-3.8 3.7.9 5.2-4.6-2.5-4.6 2.5.9-5.2L4.5 10l5.2-.7z"/>`),
  restart: icon(svg`<path d="M19 8.500A7.5 7.5 0 1 0 19.5 12M19.5 4.500v4.200h-4.2"/>`),
  person: icon(svg`<circle cx="12" cy="8.500" r="3.800"/><path d="M4.800 19.500a7.300 7.300 0 0 1 14.400 0"/>`),
  shield: icon(svg`<path d="M12 4 5.500 6.500v5c0 4.200 2.700 7.200 6.500 8.500 3.800-1.300 6.500-4.300 6.500-8.500v-5z"/><path d="m9 12 2.200 2.200L15.200 10"/>`),
  plus: icon(svg`<path d="m5 9 3.200-4h7.600L19 9l-7 10z"/><path d="M5 9h14M9.500 9l2.500 9.500L14.500 9"/>`),
  devices: icon(svg`<rect x="3.500" y="5.500" width="12" height="9" rx="1.800"/><path d="M2.500 18h9"/><rect x="14.500" y="9.500" width="6" height="10" rx="1.600"/>`),
  leaveDoor: icon(svg`<path d="M14 8V6a1.500 1.500 0 0 0-1.500-1.500h-6A1.500 1.500 0 0 0 5 6v12a1.500 1.500 0 0 0 1.500 1.500h6A1.500 1.500 0 0 0 14 18v-2M9.500 12H20m-3-3 3 3-3 3"/>`),
  about: icon(svg`<circle cx="12" cy="12" r="8"/><path d="M12 11.200v4.600M12 8.200v.1"/>`),
  sun: icon(svg`<circle cx="12" cy="12" r="3.8"/><path d="M12 3.500v2M12 18.500v2M3.5 12h2M18.5 12h2M6 6l1.4 1.400M16.6 16.6 18 18M18 6l-1.4 1.400M7.4 16.6 6 18"/>`),
  moon: icon(svg`<path d="M19.5 14.200A8 8 0 0 1 9.8 4.500a8 8 0 1 0 9.7 9.700z"/>`),
  auto: icon(svg`<circle cx="12" cy="12" r="7.5"/><path fill="currentColor" stroke="none" d="M12 4.500a7.5 7.5 0 0 1 0 15z"/>`),
  check: icon(svg`<path d="m5.5 12.5 4.5 4.5 8.5-9.5"/>`),
  fail: icon(svg`<circle cx="12" cy="12" r="8"/><path d="M12 7.800v5.200M12 16v.1"/>`),
  console: icon(svg`<path d="m5 7.5 4.5 4.500L5 16.500M12 17h7"/>`),
  trash: icon(svg`<path d="M5 7h14M10 7V5h4v2M7 7l.8 12h8.400L17 7"/>`),
  down: icon(svg`<path d="m5 9 7 7 7-7"/>`),
  more: html`<svg width="22" height="22" viewBox="0 0 22 22" fill="currentColor" aria-hidden="true">${svg`<circle cx="4.5" cy="11" r="1.9"/><circle cx="11" cy="11" r="2.8"/><circle cx="17.5" cy="11" r="1.9"/>`}</svg>`,
  leave: html`<svg width="22" height="22" viewBox="0 0 22 22" fill="none" stroke="currentColor" stroke-width="2.2" aria-hidden="true">${svg`<circle cx="11" cy="11" r="7.5"/><circle cx="11" cy="11" r="2.6" fill="currentColor" stroke="none"/>`}</svg>`,
} satisfies Record<string, TemplateResult>;

/** The mark of Minimart: a seal with four stalls. */
export const seal = (size: number) => html`<svg width=${size} height=${size} viewBox="0 0 40 40" aria-hidden="true">${svg`
  <rect x="1" y="1" width="38" height="38" rx="11" fill="#c8321f"/>
  <g fill="none" stroke="#fff" stroke-width="2.6"><rect x="9" y="9" width="9" height="9" rx="2.6"/><rect x="22" y="22" width="9" height="9" rx="2.6"/><rect x="9" y="22" width="9" height="9" rx="2.6"/></g>
  <circle cx="26.5" cy="13.5" r="4.7" fill="#fff"/>`}</svg>`;

/** The full battery of the phone drawn on a desk. */
export const battery = html`<svg width="27" height="13" viewBox="0 0 27 13" fill="currentColor" aria-hidden="true">${svg`<rect x=".6" y=".6" width="22.8" height="11.8" rx="3.6" fill="none" stroke="currentColor" stroke-width="1.1" opacity=".5"/><rect x="2.2" y="2.2" width="19.6" height="8.6" rx="2.2"/><path d="M24.8 4.3v4.4c1-.3 1.6-1.2 1.6-2.2s-.6-1.9-1.6-2.2z" opacity=".5"/>`}</svg>`;
