// The `animation` attribute: what createAnimation().export() gives, played step by step as CSS transitions.
import type { El, State } from "./types";

interface Step {
  animates: { type: string; args: unknown[] }[];
  option: { transformOrigin?: string; transition: { delay?: number; duration?: number; timingFunction?: string } };
}

const running = new WeakMap<El, number>();

const length = (v: unknown): string => (typeof v === "number" ? v + "px" : String(v));
const angle = (v: unknown): string => (typeof v === "number" ? v + "deg" : String(v));

function transform(type: string, args: unknown[]): string {
  const how = /^(rotate3d)$/.test(type)
    ? (v: unknown, i: number) => (i === 3 ? angle(v) : String(v))
    : /^(rotate|skew)/.test(type) ? angle : /^translate/.test(type) ? length : String;
  return type + "(" + args.map(how).join(",") + ")";
}

/** Style text of one step: its properties, and a transition over just these. */
export function stepStyle(step: Step): { css: string; ms: number } {
  const t = step.option.transition || {};
  const duration = t.duration ?? 400, delay = t.delay ?? 0;
  const own: [string, string][] = [];
  const transforms: string[] = [];
  for (const { type, args } of step.animates) {
    if (type === "style") own.push([String(args[0]).replace(/[A-Z]/g, "-$&").toLowerCase(), String(args[1])]);
    else transforms.push(transform(type, args));
  }
  if (transforms.length > 0) own.push(["transform", transforms.join(" ")]);
  const timing = [`${duration}ms`, t.timingFunction || "linear", `${delay}ms`].join(" ");
  const scratch = document.createElement("i").style; // values that are none fall out here, not in the element's own style
  for (const [name, value] of own) scratch.setProperty(name, value);
  scratch.setProperty("transition", own.map(([name]) => name + " " + timing).join(","));
  scratch.setProperty("transform-origin", step.option.transformOrigin || "50% 50% 0");
  return { css: scratch.cssText, ms: duration + delay };
}

export function animate(el: El, st: State, value: unknown): void {
  const steps = (value as { actions?: Step[] } | null)?.actions;
  const turn = (running.get(el) ?? 0) + 1;
  running.set(el, turn); // a newer animation ends an older one
  if (!Array.isArray(steps) || steps.length === 0) return;
  const play = (i: number): void => {
    if (running.get(el) !== turn || i >= steps.length) return;
    const { css, ms } = stepStyle(steps[i]!);
    st.x = css;
    el.style.cssText += ";" + css; // later declarations win over the last step's
    if (i + 1 < steps.length) setTimeout(play, ms, i + 1);
  };
  // Once the element is on screen in its old state, so that there is something to move from.
  requestAnimationFrame(() => {
    void el.offsetWidth;
    play(0);
  });
}

const units: Record<string, (v: unknown) => string> = {};
for (const name of ["rotate", "rotateX", "rotateY", "rotateZ", "skew", "skewX", "skewY"]) units[name] = angle;
for (const name of ["translate", "translateX", "translateY", "translateZ"]) units[name] = length;
for (const name of ["scale", "scaleX", "scaleY", "scaleZ"]) units[name] = String;

/** `this.animate`'s keyframes in the words of Element.animate. */
export function keyframes(frames: Record<string, unknown>[]): Keyframe[] {
  return frames.map((frame) => {
    const out: Keyframe = {};
    const transforms: string[] = [];
    for (const [name, value] of Object.entries(frame)) {
      if (value === undefined || value === null) continue;
      if (name === "offset") out.offset = Number(value);
      else if (name === "ease") out.easing = String(value);
      else if (name === "transformOrigin") out.transformOrigin = String(value);
      else if (name in units) transforms.push(`${name}(${(Array.isArray(value) ? value : [value]).map(units[name]!).join(",")})`);
      else if (/^(matrix|matrix3d|rotate3d|scale3d|translate3d)$/.test(name)) transforms.push(transform(name, value as unknown[]));
      else out[name] = typeof value === "number" ? value : String(value);
    }
    if (transforms.length > 0) out.transform = transforms.join(" ");
    return out;
  });
}
