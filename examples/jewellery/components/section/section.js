// Slots: title, extra, and a third one for the content. The page's own classes reach in, for what it puts into the slots.
Component({
  options: { multipleSlots: true, styleIsolation: 'apply-shared' },
  properties: {
    caption: String
  }
})
