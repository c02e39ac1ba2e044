// Lets its content rise into place when it first comes into view.
Component({
  properties: {
    delay: { type: Number, value: 0 } // ms
  },
  data: { seen: false },
  lifetimes: {
    ready() {
      this.watch = jd.createIntersectionObserver(this, { thresholds: [0, 0.05] })
      this.watch.relativeToViewport({ bottom: -20 }).observe('.reveal', at => {
        if (at.intersectionRatio <= 0) return
        this.stop()
        this.setData({ seen: true })
      })
    },
    detached() {
      this.stop()
    }
  },
  methods: {
    stop() {
      if (this.watch) this.watch.disconnect()
      this.watch = null
    }
  }
})
