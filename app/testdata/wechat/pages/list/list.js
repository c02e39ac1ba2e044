const app = getApp()

Page({
  data: { teas: app.globalData.teas, basket: '', foot: '', visits: wx.getStorageSync('visits') },
  onLoad() {
    wx.setNavigationBarTitle({ title: '今日茶单' })
  },
  onPullDownRefresh() {
    this.setData({ foot: '已刷新' }, () => wx.stopPullDownRefresh())
  },
  add(e) {
    const tea = this.data.teas.find((t) => t.id === e.currentTarget.dataset.id)
    app.globalData.basket.push(tea.name)
    this.setData({ basket: app.globalData.basket.join('、'), ['teas[' + this.data.teas.indexOf(tea) + '].stock']: tea.stock - 1 })
    wx.showToast({ title: '已加入' })
  },
  reverse() {
    this.setData({ teas: this.data.teas.slice().reverse() })
  },
  open(e) {
    wx.navigateTo({
      url: '/more/pages/detail/detail?id=' + e.currentTarget.dataset.teaId + '&name=' + encodeURIComponent('茶 & 器'),
      events: { bought: (n) => this.setData({ foot: '买了 ' + n.count }) },
      success: (res) => res.eventChannel.emit('tea', this.data.teas.find((t) => t.id === e.currentTarget.dataset.teaId)),
    })
  },
  onShareAppMessage() {
    return { title: '今日茶单', path: '/pages/list/list?from=share' }
  },
})
