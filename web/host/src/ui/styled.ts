// Styles that change: set one by one on the element. Lit's styleMap writes a style attribute the first time, which the host's content
// security policy refuses, as it should.
import { noChange } from "lit";
import { Directive, directive, PartType, type ElementPart, type PartInfo } from "lit/directive.js";

type Styles = Readonly<Record<string, string>>;

class Styled extends Directive {
  private before: Styles = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("styled() stands in a tag by itself: <div ${styled({…})}>");
  }

  render(_: Styles): unknown {
    return noChange;
  }

  override update(part: ElementPart, [styles]: [Styles]): unknown {
    const { style } = part.element as HTMLElement;
    for (const name of Object.keys(this.before)) if (!(name in styles)) style.removeProperty(name);
    for (const [name, value] of Object.entries(styles)) if (this.before[name] !== value) style.setProperty(name, value); // "" removes
    this.before = styles;
    return noChange;
  }
}

/** CSS properties by their CSS names, custom ones included. */
export const styled = directive(Styled);
