import { kinds, pieces, picture, find } from '../../data/catalog'

const app = getApp()

Page({
  data: {
    metal: '',
    kinds: [],
    slides: [],
    shown: 0,
    chosen: [],
    lettered: []
  },

  onLoad() {
    this.arrange()
  },

  onShow() {
    // The wished metal may have been changed in the settings.
    if (this.data.metal !== app.globalData.settings.metal) this.arrange()
  },

  arrange() {
    const { metal } = app.globalData.settings
    this.setData({
      metal,
      kinds: kinds.map(k => ({ ...k, image: picture(pieces.find(p => p.kind === k.id), metal) })),
      slides: ['first-light', 'dew', 'river-bend'].map(id => {
        const p = find(id)
        return { id, name: p.name, line: p.line, image: picture(p, metal) }
      }),
      chosen: ['moss', 'three-tides', 'moon-tide', 'still-water'].map(find),
      lettered: pieces.filter(p => p.letters > 0)
    })
  },

  onPullDownRefresh() {
    this.arrange()
    setTimeout(() => jd.stopPullDownRefresh(), 400)
  },

  onSlide(e) {
    this.setData({ shown: e.detail.current })
  },

  openPiece(e) {
    const id = e.detail.id || e.currentTarget.dataset.id
    jd.navigateTo({ url: `/pages/detail/detail?id=${id}` })
  },

  openKind(e) {
    app.globalData.kind = e.currentTarget.dataset.kind
    jd.switchTab({ url: '/pages/collection/collection' })
  },

  onShareAppMessage() {
    return { title: '砚光 · 把光留住', path: '/pages/home/home', imageUrl: '/art/cover-light.svg' }
  }
})
