// Who the consumer is, and what a program may learn of them. A phone number is asked for by a button alone (buttons.ts).
import { readPlus, str } from "../consumer";
import { CallFailed, type Args } from "./arguments";
import type { Call, Context } from "./bridge";

export const account: Record<string, Call> = {
  /** {code}: the program's server exchanges it once, within five minutes. */
  async login(_, { identity }) {
    return identity.login();
  },

  async checkSession(_, { identity }) {
    if (!(await identity.loggedIn())) throw new CallFailed("the session has expired: call login again");
  },

  /** desc: what the program wants it for, in its own words, which the sheet shows as such. */
  async getUserProfile(a, { identity }) {
    const words = a.text("desc", { max: 30 }).trim();
    if (!words) throw new CallFailed("desc is empty: say what the profile is for");
    return profileOf(await identity.disclose("profile", words, { deny: "auth deny" }), languageOf(a));
  },

  /** Only what was agreed to before: nobody is asked. */
  async getUserInfo(a, { identity }) {
    return profileOf(await identity.known("profile"), languageOf(a));
  },

  /** {level: "none" or "plus", until: unix ms, 0 for none} */
  async getPlusStatus(_, { identity }) {
    const { level, until } = readPlus(await identity.disclose("membership", "", { deny: "auth deny" }));
    return { level, until };
  },

  /** Permissions are asked for where they are needed, on a sheet; this only says whether one was given. */
  async authorize(a, context) {
    const scope = a.text("scope", { max: 60 });
    const settings = await settingsOf(context);
    if (!(scope in known)) throw new CallFailed(`${scope} is not a permission of this host`);
    if (!settings[scope]) throw new CallFailed(`auth deny: ${known[scope]} asks for it`);
  },

  async getSetting(_, context) {
    return { authSetting: await settingsOf(context) };
  },

  /** Shows what the program was allowed, and lets the consumer withdraw it. */
  async openSetting(_, context) {
    await context.showAbout();
    return { authSetting: await settingsOf(context) };
  },

  /** Every sheet says what a thing is for, each time: there is no agreement to be had in advance. */
  getPrivacySetting(_, { launch }) {
    return { needAuthorization: false, privacyContractName: Object.keys(launch.privacy).length > 0 ? launch.name : "" };
  },
  requirePrivacyAuthorize() {},
  async openPrivacyContract(_, context) {
    if (Object.keys(context.launch.privacy).length === 0) throw new CallFailed("the program has written no privacy statement");
    await context.showAbout();
  },
};

const known: Record<string, string> = { "scope.userInfo": "getUserProfile" };

/** Permissions by the names programs know, as far as they were ever asked for. */
export async function settingsOf({ identity, asked }: Pick<Context, "identity" | "asked">): Promise<Record<string, boolean>> {
  const out: Record<string, boolean> = {};
  if (await identity.agreed("profile")) out["scope.userInfo"] = true;
  const clipboard = asked.get("clipboard");
  if (clipboard !== undefined) out["scope.clipboard"] = clipboard;
  return out;
}

const languageOf = (a: Args): string => a.choice("lang", ["zh_CN", "zh_TW", "en"], "en");

/** The profile as programs know it from elsewhere: what this platform does not know of a person is empty. */
export function profileOf(raw: { [key: string]: unknown }, language = "en"): { userInfo: Record<string, unknown>; rawData: string } {
  const avatar = str(raw.avatarUrl);
  const userInfo = { nickName: str(raw.nickName), avatarUrl: avatar && new URL(avatar, location.origin).href, gender: 0, country: "", province: "", city: "", language };
  return { userInfo, rawData: JSON.stringify(userInfo) };
}
