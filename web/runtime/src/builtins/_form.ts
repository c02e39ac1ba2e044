// form: gathers the named controls inside it.
import type { El, Field } from "./_kit";
const { Builtin, view } = window.$M;

export class Form extends Builtin {
  /** Controls of this form and not of one inside it, in document order. */
  private fields(): (El & Field & { str(name: string): string })[] {
    return Array.from(this.querySelectorAll<any>("*")).filter((el) => el.fieldValue && el.closest("mm-form") === this);
  }
  values(): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const field of this.fields()) {
      const name = field.str("name");
      if (name) values[name] = field.fieldValue();
    }
    // Components that behave as form fields say so; their data has the name and the value.
    for (const el of this.querySelectorAll<El>("*")) {
      const inst = el.$h;
      if (inst?.options.field && typeof inst.data.name === "string" && inst.data.name) values[inst.data.name] = inst.data.value;
    }
    return values;
  }
  submit(from?: El): void {
    const value = this.values();
    this.fire("submit", { value, formId: "", ...(from ? { target: view.events.target(from) } : null) });
  }
  reset(): void {
    for (const field of this.fields()) field.fieldReset();
    this.fire("reset", {});
  }
}
