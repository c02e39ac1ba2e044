// A consumer's picture: one of the platform's own, or the first character of the nickname while it does not load.
import { html, type TemplateResult } from "lit";
import type { Me } from "../consumer";

/** In a span of class "face", whose size and shape the place gives. */
export const faceOf = (me: Pick<Me, "avatarUrl" | "nickname">): TemplateResult => html`<img class="face" src=${me.avatarUrl} alt="" width="44" height="44" decoding="async">`;
