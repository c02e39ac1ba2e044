// Built-in elements that live in modules loaded on use: element → module.
const tags: Record<string, string> = {
  form: "form label input textarea checkbox checkbox-group radio radio-group switch slider picker picker-view picker-view-column",
  scroll: "scroll-view",
  swiper: "swiper swiper-item",
  extra: "icon page-meta progress rich-text movable-area movable-view cover-image match-media root-portal page-container",
  media: "video audio",
};

export const MODULES: Record<string, string> = {};
for (const name in tags) for (const tag of tags[name]!.split(" ")) MODULES["mm-" + tag] = name;
