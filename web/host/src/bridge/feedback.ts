// Toast, loading, modal, action sheet: drawn by the host, outside the sandbox.
import { CallFailed } from "./arguments";
import type { Call } from "./bridge";

const colour = /^(#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\([\d\s.,%/]+\))$/i;

/** What counts as a colour here; anything else falls back to the host's own. */
export const safeColour = (c: string): string => (colour.test(c) ? c : "");

export const feedback: Record<string, Call> = {
  showToast(a, { overlays, picture }) {
    const image = a.text("image", { max: 2_000_000, or: "" });
    overlays.showToast({
      title: a.text("title", { max: 200 }),
      icon: a.choice("icon", ["success", "error", "fail", "exception", "loading", "none"], "success"),
      image: image ? picture(image) : null,
      mask: a.flag("mask", false),
    }, a.number("duration", { min: 0, max: 60_000, or: 1500 }));
  },
  hideToast(_, { overlays }) {
    overlays.hideToast();
  },
  showLoading(a, { overlays }) {
    overlays.showToast({ title: a.text("title", { max: 200, or: "" }), icon: "loading", image: null, mask: a.flag("mask", false) }, null);
  },
  hideLoading(_, { overlays }) {
    overlays.hideToast();
  },

  async showModal(a, { overlays }) {
    const done = await overlays.open({
      kind: "modal",
      title: a.text("title", { max: 200, or: "" }),
      content: a.text("content", { max: 5000, or: "" }),
      cancel: a.flag("showCancel", true) ? a.text("cancelText", { max: 20, or: "" }) : null,
      confirm: a.text("confirmText", { max: 20, or: "" }),
      cancelColor: safeColour(a.text("cancelColor", { max: 40, or: "" })),
      confirmColor: safeColour(a.text("confirmColor", { max: 40, or: "" })),
      editable: a.flag("editable", false),
      placeholder: a.text("placeholderText", { max: 200, or: "" }),
    });
    return done === null ? { confirm: false, cancel: true } : { confirm: true, cancel: false, content: done.text };
  },

  async showActionSheet(a, { overlays }) {
    const done = await overlays.open({
      kind: "actions",
      title: a.text("alertText", { max: 200, or: "" }),
      items: a.texts("itemList", { min: 1, max: 20, each: 60 }),
      color: safeColour(a.text("itemColor", { max: 40, or: "" })),
    });
    if (done === null) throw new CallFailed("cancel");
    return { tapIndex: done.index };
  },
};
