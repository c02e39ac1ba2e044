// createAnimation: steps recorded here, exported into data, played by the view as transitions.

const oneArg = "opacity backgroundColor color width height top right bottom left rotate rotateX rotateY rotateZ scaleX scaleY scaleZ skewX skewY translateX translateY translateZ".split(" ");
const manyArgs = "rotate3d scale scale3d skew translate translate3d matrix matrix3d".split(" ");
const styles = new Set(["opacity", "backgroundColor", "color", "width", "height", "top", "right", "bottom", "left"]);
const lengths = new Set(["width", "height", "top", "right", "bottom", "left"]);
const kebab = (s: string) => s.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase());

interface Step { animates: { type: string; args: unknown[] }[]; option: { transformOrigin: string; transition: { duration: number; timingFunction: string; delay: number } } }

export class Animation {
  [method: string]: any;
  #now = new Map<string, { type: string; args: unknown[] }>();
  #steps: Step[] = [];
  #defaults: any;
  constructor(o: any = {}) {
    this.#defaults = { duration: 400, timingFunction: "linear", delay: 0, transformOrigin: "50% 50% 0", ...o };
  }
  /** Records a change of the step being made; style properties are {type: "style", args: [name, value]}. */
  #add(type: string, args: unknown[]): this {
    if (styles.has(type)) {
      const v = args[0];
      this.#now.set("style." + type, { type: "style", args: [kebab(type), lengths.has(type) && typeof v === "number" ? v + "px" : v] });
    } else this.#now.set(type, { type, args });
    return this;
  }
  step(o: any = {}): this {
    const s = { ...this.#defaults, ...o };
    // Transforms stay from step to step, as the element keeps them.
    this.#steps.push({ animates: [...this.#now.values()], option: { transformOrigin: s.transformOrigin, transition: { duration: +s.duration, timingFunction: s.timingFunction, delay: +s.delay } } });
    return this;
  }
  export(): { actions: Step[] } {
    const actions = this.#steps;
    this.#steps = [];
    return { actions };
  }
  static {
    for (const name of oneArg) this.prototype[name] = function (this: Animation, v: unknown) { return this.#add(name, [v ?? (name.startsWith("scale") ? 1 : 0)]); };
    for (const name of manyArgs) {
      this.prototype[name] = function (this: Animation, ...args: unknown[]) {
        if (name === "scale" && args.length === 1) args = [args[0], args[0]];
        if ((name === "translate" || name === "skew") && args.length === 1) args = [args[0], 0];
        return this.#add(name, args);
      };
    }
  }
}
