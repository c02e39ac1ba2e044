// Observes what a transition will bring, as calendars in popups do.
Component({
  properties: {
    show: {
      type: Boolean,
      observer(show) {
        if (show) this.createIntersectionObserver().relativeTo('.body').observe('.dot', (res) => this.setData({ seen: '看见 ' + (res.intersectionRatio > 0) }))
      },
    },
  },
})
