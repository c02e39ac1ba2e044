// Sharing a page, and going from one program to another.
import { isAppId, programAddress, SCENE } from "../address";
import { CallFailed } from "./arguments";
import type { Call } from "./bridge";
import { sharingWords } from "../words/sharing";

export const sharing: Record<string, Call> = {
  /** The worker's answer to {ev:"share"}: {title, path, imageUrl}, all optional. Opens the share sheet. */
  async shared(a, { launch, overlays, page, picture }) {
    const path = a.text("path", { max: 2000, or: "" }) || page();
    const image = a.text("imageUrl", { max: 2_000_000, or: "" });
    await overlays.open({
      kind: "share",
      title: a.text("title", { max: 200, or: "" }) || launch.name,
      name: launch.name,
      link: new URL(programAddress(launch.app, path), location.origin).href,
      image: image ? picture(image) : null,
    });
  },

  async navigateToMiniProgram(a, { launch, overlays, openProgram }) {
    const app = a.text("appId", { max: 64 });
    if (!isAppId(app)) throw new CallFailed(`appId "${app}" is not the id of a program`);
    const t = sharingWords();
    const yes = await overlays.open({ kind: "modal", title: "", content: t.leave(launch.name), cancel: "", confirm: t.go });
    if (yes === null) throw new CallFailed("cancel");
    openProgram(programAddress(app, a.text("path", { max: 2000, or: "" }), { scene: SCENE.program }));
  },
};
