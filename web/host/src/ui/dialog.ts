// What makes a box a dialog: focus goes in, stays in, and comes back; Escape cancels.

const focusable = "button:not([disabled]), a[href], input:not([disabled]), textarea:not([disabled]), [tabindex='0']";

/** Takes the focus into root and keeps it there until the returned function is called, which gives it back. */
export function trapFocus(root: HTMLElement, cancel: () => void): () => void {
  const before = deepActive();
  // A finger has pressed nothing here yet: no ring around a button that it did not choose.
  const first = matchMedia("(pointer: coarse)").matches ? root.querySelector<HTMLElement>("textarea[data-first]") ?? root : null;
  (first ?? root.querySelector<HTMLElement>("[data-first]") ?? root.querySelector<HTMLElement>(focusable) ?? root).focus({ preventScroll: true });
  const onKey = (e: KeyboardEvent) => {
    if (e.key === "Escape") {
      e.preventDefault();
      e.stopPropagation();
      cancel();
    } else if (e.key === "Tab") {
      const stops = stopsIn(root);
      const at = deepActive();
      const next = e.shiftKey ? (at === stops[0] || at === root ? stops.at(-1) : null) : at === stops.at(-1) ? stops[0] : null;
      if (stops.length === 0 || next) {
        e.preventDefault();
        next?.focus();
      }
    }
  };
  root.addEventListener("keydown", onKey);
  return () => {
    root.removeEventListener("keydown", onKey);
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
}

/** What the Tab key stops at, in order, open shadow roots included. */
function stopsIn(root: ParentNode): HTMLElement[] {
  const stops: HTMLElement[] = [];
  for (const el of root.querySelectorAll<HTMLElement>("*")) {
    if (el.matches(focusable) && el.getClientRects().length > 0 && !el.closest("[inert]")) stops.push(el);
    if (el.shadowRoot) stops.push(...stopsIn(el.shadowRoot));
  }
  return stops;
}

/** The focused element, looked for inside shadow roots. */
function deepActive(): globalThis.Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}
