Page({
  data: { id: '', name: '', tea: null },
  onLoad(query) {
    this.setData({ id: query.id, name: decodeURIComponent(query.name) })
    this.getOpenerEventChannel().on('tea', (tea) => this.setData({ tea }))
  },
  buy() {
    this.getOpenerEventChannel().emit('bought', { count: 2 })
    wx.navigateBack()
  },
})
