const { find, picture, beside, metalNames } = require('../../data/catalog')
const wishlist = require('../../utils/wishlist')

const app = getApp()

// Ring sizes of mainland China: number, inner diameter and circumference in millimetres.
const sizes = [
  [9, 15.7, 49], [10, 16.0, 50], [11, 16.3, 51], [12, 16.6, 52], [13, 17.0, 53], [14, 17.3, 54], [15, 17.6, 55], [16, 18.0, 56.5]
]

Page({
  data: {
    piece: null,
    metals: [],
    metal: '',
    images: [],
    current: 0,
    sizes,
    sizeNames: sizes.map(s => `${s[0]} 号`),
    size: 3,
    tab: 'facts',
    words: { text: '', look: { face: 'song', size: 44 } },
    wished: false,
    others: []
  },

  onLoad(query) {
    const piece = find(query.id)
    if (!piece) {
      jd.showModal({ title: '没有这件作品', content: '它可能已经不再制作了。', showCancel: false, success: () => jd.switchTab({ url: '/pages/home/home' }) })
      return
    }
    const { settings } = app.globalData
    const at = Math.max(0, piece.metals.indexOf(settings.metal))
    jd.setNavigationBarTitle({ title: piece.name })
    this.setData({
      piece,
      metals: piece.metals.map(id => ({ id, name: metalNames[id] })),
      metal: piece.metals[at],
      images: piece.metals.map(m => picture(piece, m)),
      current: at,
      'words.look.size': settings.lettering,
      others: beside(piece, 4)
    })
  },

  onShow() {
    const { piece } = this.data
    if (piece) this.setData({ wished: wishlist.has(piece.id) })
  },

  onSlide(e) {
    const { current } = e.detail
    this.setData({ current, metal: this.data.piece.metals[current] })
  },

  onMetal(e) {
    this.setData({ current: this.data.piece.metals.indexOf(e.detail.value) })
  },

  onSize(e) {
    this.setData({ size: Number(e.detail.value) })
  },

  toggleWish() {
    const wished = wishlist.toggle(this.data.piece.id)
    this.setData({ wished })
    jd.showToast({ title: wished ? '已放进心愿单' : '已移出心愿单', icon: 'none' })
  },

  /** Opens the tab of sizes and brings it under the eyes. */
  seeSizes() {
    this.setData({ tab: 'sizes' }, () => {
      jd.createSelectorQuery()
        .select('#papers').boundingClientRect()
        .selectViewport().scrollOffset()
        .exec(([box, view]) => {
          if (box) jd.pageScrollTo({ scrollTop: view.scrollTop + box.top - 12, duration: 260 })
        })
    })
  },

  engrave() {
    const { piece, metal, words } = this.data
    jd.navigateTo({
      url: `/pages/engrave/engrave?metal=${metal}&most=${piece.letters}`,
      events: {
        engraved: done => this.setData({ 'words.text': done.text, 'words.look': done.look })
      },
      success: ({ eventChannel }) => eventChannel.emit('draft', words)
    })
  },

  book() {
    jd.navigateTo({ url: `/pages/booking/booking?piece=${this.data.piece.id}` })
  },

  openPiece(e) {
    // Ten pages is as deep as the stack goes; past that the page is replaced.
    const go = getCurrentPages().length < 10 ? jd.navigateTo : jd.redirectTo
    go({ url: `/pages/detail/detail?id=${e.detail.id}` })
  },

  onShareAppMessage() {
    const { piece, metal } = this.data
    return { title: `${piece.name}：${piece.line}`, path: `/pages/detail/detail?id=${piece.id}`, imageUrl: picture(piece, metal) }
  }
})
