// createAnimation: steps recorded here, exported into data, played by the view as transitions.

const lengths = "width height top right bottom left";
const styles = lengths + " opacity backgroundColor color";
const transforms = "rotate rotateX rotateY rotateZ rotate3d scale scaleX scaleY scaleZ scale3d skew skewX skewY translate translateX translateY translateZ translate3d matrix matrix3d";

export function createAnimation(defaults: any): any {
  /** What the step being made sets. Transforms and styles stay from step to step, as the element keeps them. */
  const now = new Map<string, { type: string; args: unknown[] }>();
  let actions: object[] = [];
  const animation: any = {
    step(o: any) {
      const { transformOrigin, duration, timingFunction, delay } = { duration: 400, timingFunction: "linear", delay: 0, transformOrigin: "50% 50% 0", ...defaults, ...o };
      actions.push({ animates: [...now.values()], option: { transformOrigin, transition: { duration, timingFunction, delay } } });
      return animation;
    },
    export() {
      const done = { actions };
      actions = [];
      return done;
    },
  };
  for (const name of `${styles} ${transforms}`.split(" ")) {
    animation[name] = (...args: any[]) => {
      if (styles.includes(name)) {
        const value = lengths.includes(name) && typeof args[0] === "number" ? args[0] + "px" : args[0];
        now.set(name, { type: "style", args: [name.replace(/[A-Z]/, (c) => "-" + c.toLowerCase()), value] });
      } else {
        // scale(2) is scale(2, 2); translate(2) and skew(2) are along x.
        if (args.length === 1 && /^(scale|translate|skew)$/.test(name)) args.push(name === "scale" ? args[0] : 0);
        now.set(name, { type: name, args });
      }
      return animation;
    };
  }
  return animation;
}
