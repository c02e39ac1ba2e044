// Slots: title, extra and content. Its section-* classes are shared, so that a page can set a caption of its own alike.
Component({
  options: { multipleSlots: true, styleIsolation: 'shared' },
  properties: {
    caption: String
  }
})
