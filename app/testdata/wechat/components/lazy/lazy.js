Component({
  properties: { show: { type: Boolean, observer(show) { if (show) this.setData({ inited: true }) } } },
})
