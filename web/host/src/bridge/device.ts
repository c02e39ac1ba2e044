// Clipboard, telephone, vibration, network state.
import { CallFailed } from "./arguments";
import type { Call } from "./bridge";
import { deviceWords } from "../words/device";

export const device: Record<string, Call> = {
  async setClipboardData(a, { overlays }) {
    await copy(a.text("data", { max: 1 << 20 }));
    overlays.showToast({ title: deviceWords().copied, icon: "success", image: null, mask: false }, 1500);
  },
  async getClipboardData(_, context) {
    if (!navigator.clipboard?.readText) throw new CallFailed("this browser does not let pages read the clipboard");
    if (!(await context.allowed("clipboard"))) throw new CallFailed("auth deny");
    try {
      return { data: await navigator.clipboard.readText() };
    } catch {
      throw new CallFailed("the browser refused");
    }
  },

  async makePhoneCall(a, { overlays }) {
    const number = a.text("phoneNumber", { max: 40 });
    if (!/^[+\d][\d\s()*#-]*$/.test(number)) throw new CallFailed(`phoneNumber "${number}" is not a telephone number`);
    const t = deviceWords();
    const yes = await overlays.open({ kind: "modal", title: t.callTitle, content: number, cancel: "", confirm: t.call });
    if (yes === null) throw new CallFailed("cancel");
    location.href = "tel:" + number.replace(/[\s()]/g, "").replace(/#/g, "%23");
  },

  vibrateShort(a) {
    vibrate({ heavy: 25, medium: 15, light: 10 }[a.choice("type", ["heavy", "medium", "light"], "medium")]);
  },
  vibrateLong() {
    vibrate(400);
  },

  getNetworkType() {
    return { networkType: networkType(), signalStrength: 0 };
  },

  /** What a program may ask for, but this host has not: says so instead of staying silent. */
  scanCode() {
    throw new CallFailed("this host has no code scanner yet");
  },
};

function vibrate(ms: number): void {
  if (!navigator.vibrate?.(ms)) throw new CallFailed("this device does not vibrate");
}

/** Copies text; throws CallFailed when neither the new nor the old way is allowed. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    return;
  } catch {
    // no permission, no focus or no secure context: the old way still works after a tap
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new CallFailed("the browser refused");
}

interface Connection extends EventTarget { effectiveType?: string; type?: string }
const connection = (): Connection | undefined => (navigator as Navigator & { connection?: Connection }).connection;

/** In the words of mini programs: wifi, 2g, 3g, 4g, 5g, unknown, none. */
export function networkType(): string {
  if (!navigator.onLine) return "none";
  const c = connection();
  if (c?.type === "wifi" || c?.type === "ethernet") return "wifi";
  if (c?.type === "cellular") return c.effectiveType === "slow-2g" ? "2g" : (c.effectiveType ?? "unknown");
  return c?.type === undefined ? "wifi" : "unknown"; // where nothing tells, the usual case
}

/** Tells each change of the network until the signal aborts. */
export function followNetwork(tell: (state: { isConnected: boolean; networkType: string }) => void, signal: AbortSignal): void {
  const now = () => tell({ isConnected: navigator.onLine, networkType: networkType() });
  window.addEventListener("online", now, { signal });
  window.addEventListener("offline", now, { signal });
  connection()?.addEventListener("change", now, { signal });
}
