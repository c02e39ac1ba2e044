const { kinds, pieces } = require('../../data/catalog')

const app = getApp()

const sorts = [
  { name: '店主的顺序', by: null },
  { name: '价格从低到高', by: (a, b) => a.price - b.price },
  { name: '价格从高到低', by: (a, b) => b.price - a.price }
]

const dearest = 20000 // yuan, the slider's right end, which means any price

Page({
  data: {
    kinds: [{ id: '', name: '全部' }, ...kinds],
    sorts: sorts.map(s => s.name),
    kind: '', // on its own, because two-way binding takes a single name and no path
    filter: { most: dearest, lettered: false, sort: 0 },
    dearest,
    metal: '',
    groups: [],
    count: 0
  },

  onShow() {
    const { kind, settings } = app.globalData
    app.globalData.kind = ''
    this.setData(kind ? { metal: settings.metal, kind } : { metal: settings.metal })
    this.sift()
  },

  /** Shows what the filter leaves, under the name of its kind; sorted by price there are no kinds. */
  sift() {
    const { kind } = this.data
    const { most, lettered, sort } = this.data.filter
    const left = pieces.filter(p =>
      (!kind || p.kind === kind) && (most >= dearest || p.price <= most * 100) && (!lettered || p.letters > 0))
    const groups = sorts[sort].by
      ? [{ id: 'all', name: sorts[sort].name, line: '', pieces: left.sort(sorts[sort].by) }]
      : kinds.map(k => ({ ...k, pieces: left.filter(p => p.kind === k.id) }))
    this.setData({ groups: groups.filter(g => g.pieces.length > 0), count: left.length })
  },

  onKind() {
    this.sift() // model:value has put the kind into the data already
  },

  onSort(e) {
    this.setData({ 'filter.sort': Number(e.detail.value) }, () => this.sift())
  },

  onMost(e) {
    this.setData({ 'filter.most': e.detail.value }, () => this.sift())
  },

  onMostMoving(e) {
    this.setData({ 'filter.most': e.detail.value })
  },

  onLettered(e) {
    this.setData({ 'filter.lettered': e.detail.value }, () => this.sift())
  },

  reset() {
    this.setData({ kind: '', filter: { most: dearest, lettered: false, sort: 0 } }, () => this.sift())
  },

  openPiece(e) {
    jd.navigateTo({ url: `/pages/detail/detail?id=${e.detail.id}` })
  }
})
