import { wishes, clear } from '../../utils/wishlist'
import { find } from '../../data/catalog'

const app = getApp()

Page({
  data: {
    pieces: [],
    total: 0,
    metal: '',
    bookings: []
  },

  onShow() {
    this.refresh()
    this.setData({ metal: app.globalData.settings.metal, bookings: jd.getStorageSync('bookings') || [] })
  },

  refresh() {
    const pieces = wishes().map(find).filter(Boolean)
    this.setData({ pieces, total: pieces.reduce((sum, p) => sum + p.price, 0) })
  },

  // The wish event bubbles up from whichever component shows the piece.
  onWish(e) {
    if (!e.detail.wished) jd.showToast({ title: '已移出心愿单', icon: 'none' })
    this.refresh()
  },

  openPiece(e) {
    jd.navigateTo({ url: `/pages/detail/detail?id=${e.detail.id}` })
  },

  clear() {
    jd.showModal({
      title: '清空心愿单',
      content: `${this.data.pieces.length} 件作品都会移出。`,
      confirmText: '清空',
      success: ({ confirm }) => {
        if (!confirm) return
        clear()
        this.refresh()
      }
    })
  },

  cancelVisit(e) {
    const { at } = e.currentTarget.dataset
    jd.showActionSheet({
      itemList: ['取消这次预约'],
      success: () => {
        const bookings = this.data.bookings.filter(b => b.at !== at)
        jd.setStorageSync('bookings', bookings)
        this.setData({ bookings })
      },
      fail() {} // closed without choosing
    })
  },

  browse() {
    jd.switchTab({ url: '/pages/collection/collection' })
  }
})
