// Buttons whose open-type is the host's business. They come on the view's own port, with a tap; the worker cannot press one.
import { tappedAnywhere } from "./asking";
import { profileOf, settingsOf } from "./account";
import { CallFailed } from "./arguments";
import type { Context } from "./bridge";

type Press = (context: Context) => Promise<object>;

const presses: Record<string, Press> = Object.assign(Object.create(null) as Record<string, Press>, {
  /** {code}: the program's server exchanges it once for the number. Every time is asked anew. */
  async getPhoneNumber({ identity }: Context) {
    identity.gate("getPhoneNumber");
    const answer = await identity.disclose("phone-number", "", { anew: true, deny: "user deny" });
    return { code: String(answer.code ?? "") };
  },
  async getUserInfo({ identity }: Context) {
    return profileOf(await identity.disclose("profile", "", { deny: "auth deny" }));
  },
  async openSetting(context: Context) {
    await context.showAbout();
    return { authSetting: await settingsOf(context) };
  },
  async agreePrivacyAuthorization() {
    return {};
  },
});

/** Presses a button of an open-type and answers the detail of its event. Never throws. failed is told what is not the consumer's own wish. */
export async function press(openType: string, context: Context, failed: (message: string) => void): Promise<{ errMsg: string; [name: string]: unknown }> {
  const name = openType.slice(0, 60);
  try {
    const act = presses[name];
    if (!act) throw new CallFailed("not available: this host does not offer it");
    // Whoever can post on the view's port without a finger on the screen is not a button.
    if (!tappedAnywhere()) throw new CallFailed("only a tap may ask");
    return { errMsg: `${name}:ok`, ...(await act(context)) };
  } catch (e) {
    const reason = e instanceof CallFailed ? e.message : e instanceof Error ? `${e.name}: ${e.message}` : String(e);
    const errMsg = `${name}:fail ${reason}`;
    if (!["user deny", "cancel"].includes(reason)) failed(errMsg);
    return { errMsg };
  }
}
