// Forms: text fields, choices, slider, pickers, and the form that gathers them.
import { choices } from "./_choice";
import { Form } from "./_form";
import { Label } from "./_label";
import { Picker } from "./_picker";
import { pickerViews } from "./_picker-view";
import { Slider } from "./_slider";
import { textFields } from "./_text-field";
const { view, addSheet } = window.$M;

addSheet(`
mm-input,mm-textarea{display:block;position:relative;overflow:hidden;cursor:text}
mm-input{height:1.4em;min-height:1.4em}
mm-textarea{width:300px;height:150px}
mm-textarea[mm-auto]{height:auto;min-height:1.4em}
.mm-field{display:block;box-sizing:border-box;width:100%;height:100%;margin:0;padding:0;border:0;border-radius:0;background:none;outline:0;font:inherit;color:inherit;text-align:inherit;letter-spacing:inherit;line-height:inherit;resize:none;position:relative;user-select:text;-webkit-user-select:text;-webkit-text-fill-color:currentColor;opacity:1}
mm-input:focus-within,mm-textarea:focus-within{outline:0}
.mm-hint{position:absolute;inset:0;box-sizing:border-box;padding:inherit;overflow:hidden;color:#808080;pointer-events:none;white-space:pre-wrap}
mm-input .mm-hint{display:flex;align-items:center;white-space:nowrap;justify-content:inherit}
mm-checkbox,mm-radio,mm-switch{display:inline-block;cursor:pointer}
mm-checkbox[aria-disabled=true],mm-radio[aria-disabled=true],mm-switch[aria-disabled=true]{opacity:.5;cursor:default}
.mm-box{display:inline-flex;align-items:center;justify-content:center;box-sizing:border-box;width:22px;height:22px;margin-right:5px;border:1px solid #d1d1d1;border-radius:3px;background:#fff;vertical-align:middle;color:var(--mm-color,#09bb07)}
mm-checkbox[aria-checked=true]>.mm-box::after,mm-switch[mm-check][aria-checked=true]>.mm-box::after{content:"";width:5px;height:11px;margin-top:-3px;border:solid currentColor;border-width:0 2px 2px 0;transform:rotate(45deg)}
mm-radio>.mm-box{border-radius:50%}
mm-radio[aria-checked=true]>.mm-box{background:var(--mm-color,#09bb07);border-color:var(--mm-color,#09bb07)}
mm-radio[aria-checked=true]>.mm-box::after{content:"";width:5px;height:10px;margin-top:-2px;border:solid #fff;border-width:0 2px 2px 0;transform:rotate(45deg)}
mm-switch:not([mm-check])>.mm-box{width:52px;height:32px;border-radius:16px;background:#dfdfdf;border-color:#dfdfdf;justify-content:flex-start;transition:background-color .1s,border-color .1s}
mm-switch:not([mm-check])>.mm-box::after{content:"";width:30px;height:30px;border-radius:15px;background:#fff;box-shadow:0 1px 3px rgba(0,0,0,.4);transition:transform .25s}
mm-switch[aria-checked=true]:not([mm-check])>.mm-box{background:var(--mm-color,#04be02);border-color:var(--mm-color,#04be02)}
mm-switch[aria-checked=true]:not([mm-check])>.mm-box::after{transform:translateX(20px)}
mm-checkbox:focus-visible,mm-radio:focus-visible,mm-switch:focus-visible,mm-slider:focus-visible,mm-picker:focus-visible{outline:2px solid #1677ff;outline-offset:2px}
mm-slider{display:flex;align-items:center;margin:10px 18px;padding:15px 0;touch-action:pan-y;cursor:pointer}
.mm-rail{position:relative;flex:1;height:2px;border-radius:5px;background:#e9e9e9}
.mm-fill{height:100%;border-radius:inherit;background:#1aad19}
.mm-knob{position:absolute;top:50%;border-radius:50%;background:#fff;box-shadow:0 0 4px rgba(0,0,0,.2)}
.mm-words{min-width:2em;margin-left:1em;color:#888;text-align:center}
mm-picker{cursor:pointer}
mm-picker-view{display:flex;position:relative;overflow:hidden}
mm-picker-view-column{flex:1;height:100%;box-sizing:border-box;padding:var(--mm-pad,0) 0;overflow:hidden auto;scroll-snap-type:y mandatory;scrollbar-width:none;overscroll-behavior:contain;text-align:center}
mm-picker-view-column>*{height:var(--mm-item,34px);box-sizing:border-box;overflow:hidden;scroll-snap-align:center}
mm-picker-view>.mm-mask,mm-picker-view>.mm-band{position:absolute;left:0;right:0;pointer-events:none}
mm-picker-view>.mm-mask{inset:0;background:linear-gradient(hsla(0,0%,100%,.95),hsla(0,0%,100%,.6) 45%,transparent 45%,transparent 55%,hsla(0,0%,100%,.6) 55%,hsla(0,0%,100%,.95))}
mm-picker-view>.mm-band{top:50%;height:34px;transform:translateY(-50%)}
.mm-band{border:solid #e5e5e5;border-width:1px 0;box-sizing:border-box}
mm-picker-sheet{position:absolute;inset:0;z-index:1000;display:block;color:#000;outline:0;user-select:none;-webkit-user-select:none}
.mm-veil{position:absolute;inset:0;background:rgba(0,0,0,.5)}
.mm-panel{position:absolute;left:0;right:0;bottom:0;background:#fff;border-radius:12px 12px 0 0;padding-bottom:max(env(safe-area-inset-bottom),var(--mm-bottom,0px))}
.mm-bar{display:flex;justify-content:space-between;align-items:center;height:48px;border-bottom:1px solid #eee}
.mm-bar button{appearance:none;border:0;background:none;font:inherit;height:48px;padding:0 16px;color:#888;cursor:pointer}
.mm-bar button:last-child{color:#09bb07}
.mm-wheels{position:relative;display:flex;height:200px;overflow:hidden;-webkit-mask-image:linear-gradient(rgba(0,0,0,.25),#000 40%,#000 60%,rgba(0,0,0,.25));mask-image:linear-gradient(rgba(0,0,0,.25),#000 40%,#000 60%,rgba(0,0,0,.25))}
.mm-wheels>.mm-band{position:absolute;left:0;right:0;top:80px;height:40px;pointer-events:none}
.mm-wheel{flex:1;min-width:0;padding:80px 0;box-sizing:border-box;overflow:hidden auto;scroll-snap-type:y mandatory;scrollbar-width:none;overscroll-behavior:contain;text-align:center}
.mm-wheel>div{height:40px;line-height:40px;padding:0 4px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;scroll-snap-align:center}
`, true);

const tags: Record<string, CustomElementConstructor> = { ...textFields, ...choices, ...pickerViews, slider: Slider, picker: Picker, label: Label, form: Form };
for (const tag in tags) view.builtins.define(tag, tags[tag]!);
