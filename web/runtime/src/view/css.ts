// How built-ins look before a program styles them. Type selectors only, so that any class of a program wins.
export const BASE = `
html,body{margin:0;height:100%;overflow:hidden;overscroll-behavior:none;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{position:relative;font:16px/1.5 -apple-system,BlinkMacSystemFont,"PingFang SC","Helvetica Neue",Helvetica,"Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;-webkit-tap-highlight-color:transparent}
*{-webkit-tap-highlight-color:transparent}
[hidden]{display:none!important}
mm-layer{display:block;position:absolute;inset:0;z-index:1;overflow:hidden}
mm-layer[mm-off]{visibility:hidden;pointer-events:none;z-index:0}
mm-page{display:block;position:absolute;inset:0;overflow:hidden auto;overscroll-behavior:none;box-sizing:border-box;background-color:#fff;color:#000;scrollbar-width:none;user-select:none;-webkit-user-select:none}
mm-page[mm-still]{overflow:hidden}
mm-page::-webkit-scrollbar,mm-scroll-view::-webkit-scrollbar{display:none}
mm-view,mm-scroll-view,mm-form,mm-swiper,mm-swiper-item,mm-cover-view,mm-progress,mm-checkbox-group,mm-radio-group,mm-picker,mm-rich-text,mm-navigator,mm-page-container,mm-root-portal{display:block}
mm-block,mm-slot,mm-native-slot,mm-match-media,mm-share-element{display:contents}
mm-page-meta,mm-navigation-bar{display:none}
[mm-virtual]{display:contents!important}
[mm-catch]{touch-action:none}
mm-text{white-space:pre-line;word-break:break-word}
@supports(white-space-collapse:preserve){mm-text{white-space:inherit;white-space-collapse:preserve-breaks}}
mm-text[mm-pick],mm-text[mm-pick] *{user-select:text;-webkit-user-select:text}
mm-image{display:inline-block;width:320px;height:240px;overflow:hidden;vertical-align:baseline}
mm-image>img{display:block;width:100%;height:100%;object-fit:fill;pointer-events:none;-webkit-user-drag:none}
mm-image[mode=aspectFit]>img{object-fit:contain}
mm-image[mode=aspectFill]>img{object-fit:cover}
mm-image[mode=widthFix]{height:auto!important}
mm-image[mode=widthFix]>img{height:auto}
mm-image[mode=heightFix]{width:auto!important}
mm-image[mode=heightFix]>img{width:auto}
mm-image[mm-crop]>img{object-fit:none}
mm-scroll-view{width:100%;overflow:hidden;scrollbar-width:none;position:relative}
mm-scroll-view[mm-x]{overflow-x:auto}
mm-scroll-view[mm-y]{overflow-y:auto}
mm-scroll-view[mm-flex]{display:flex}
mm-scroll-view[mm-smooth]{scroll-behavior:smooth}
mm-refresher{display:block;overflow:hidden;height:0}
mm-button{display:block;position:relative;margin:0 auto;padding:0 14px;box-sizing:border-box;font-size:18px;line-height:2.55555556;text-align:center;border-radius:5px;overflow:hidden;color:#000;background-color:#f8f8f8;cursor:pointer;-webkit-touch-callout:none}
mm-button::after{content:"";position:absolute;top:0;left:0;width:200%;height:200%;border:1px solid rgba(0,0,0,.2);transform:scale(.5);transform-origin:0 0;box-sizing:border-box;border-radius:10px;pointer-events:none}
mm-button[type=primary]{color:#fff;background-color:#1aad19}
mm-button[type=warn]{color:#fff;background-color:#e64340}
mm-button[mm-plain]{color:#353535;border:1px solid #353535;background-color:transparent}
mm-button[mm-plain]::after{border-width:0}
mm-button[mm-plain][type=primary]{color:#1aad19;border-color:#1aad19}
mm-button[mm-plain][type=warn]{color:#e64340;border-color:#e64340}
mm-button[size=mini]{display:inline-block;line-height:2.3;font-size:13px;padding:0 1.34em}
mm-button[aria-disabled=true]{color:rgba(0,0,0,.3);background-color:#f7f7f7;cursor:default}
mm-button[aria-disabled=true][type]:not([type=default]){color:rgba(255,255,255,.6);opacity:.7}
mm-button[aria-disabled=true][type=primary]{background-color:#9ed99d}
mm-button[aria-disabled=true][type=warn]{background-color:#ec8b89}
mm-button[mm-plain][aria-disabled=true]{color:rgba(0,0,0,.2);border-color:rgba(0,0,0,.2);background-color:#f7f7f7}
mm-button[mm-loading]::before{content:"";display:inline-block;width:18px;height:18px;margin-right:8px;vertical-align:middle;border:2px solid currentColor;border-right-color:transparent;border-radius:50%;box-sizing:border-box;animation:mm-spin 1s linear infinite}
.button-hover{background-color:#dedede;color:rgba(0,0,0,.6)}
.button-hover[type=primary]{background-color:#179b16;color:rgba(255,255,255,.6)}
.button-hover[type=warn]{background-color:#ce3c39;color:rgba(255,255,255,.6)}
.button-hover[mm-plain]{background-color:transparent;color:rgba(53,53,53,.6);border-color:rgba(53,53,53,.6)}
.navigator-hover{background-color:rgba(0,0,0,.1);opacity:.7}
mm-navigator{cursor:pointer}
mm-button:focus-visible,mm-navigator:focus-visible{outline:2px solid #1677ff;outline-offset:2px}
mm-icon{display:inline-block;vertical-align:middle;line-height:0}
mm-swiper{height:150px;overflow:hidden}
mm-swiper:not(:defined)>*,mm-picker-view:not(:defined)>*{visibility:hidden}
mm-pull{position:absolute;inset:0 0 auto;height:50px;display:flex;align-items:center;justify-content:center;gap:8px;visibility:hidden}
mm-pull i,mm-refresher i{display:inline-block;width:8px;height:8px;border-radius:50%;background:#aaa;opacity:.4}
mm-pull[mm-light] i{background:#fff}
[mm-busy] i{animation:mm-dot 1s ease-in-out infinite alternate}
[mm-busy] i:nth-child(2){animation-delay:.3s}
[mm-busy] i:nth-child(3){animation-delay:.6s}
@keyframes mm-dot{to{opacity:1}}
@keyframes mm-spin{to{transform:rotate(1turn)}}
@media (prefers-reduced-motion:reduce){[mm-busy] i,mm-button[mm-loading]::before{animation-duration:3s}}
`;

/** A style sheet after all others, or the base in front of them. */
export function addSheet(css: string, base = false): void {
  const style = document.createElement("style");
  style.textContent = css;
  if (base) {
    style.setAttribute("mm-base", "");
    document.head.prepend(style);
  } else document.head.append(style);
}
