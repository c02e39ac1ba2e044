Component({
  properties: { show: { type: Boolean, observer(show) { if (show) setTimeout(() => this.setData({ inited: true }), 100) } } },
})
