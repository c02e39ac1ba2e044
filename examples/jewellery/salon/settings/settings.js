const { metalNames } = require('../../data/catalog')

const app = getApp()

Page({
  data: {
    metals: Object.keys(metalNames).map(id => ({ id, name: metalNames[id] })),
    metal: '',
    lettering: 44,
    looks: {},
    screen: '',
    kept: '',
    depth: 0
  },

  onLoad() {
    const { metal, lettering } = app.globalData.settings
    const system = jd.getSystemInfoSync()
    this.setData({
      metal,
      lettering,
      looks: { face: 'song', size: lettering },
      screen: `${system.windowWidth} × ${system.windowHeight}`,
      depth: getCurrentPages().length
    })
    this.measure()
  },

  measure() {
    jd.getStorageInfo({ success: info => this.setData({ kept: `${info.keys.length} 项，${info.currentSize} KB` }) })
  },

  onMetal(e) {
    this.setData({ metal: e.detail.value })
    app.change({ metal: e.detail.value })
    this.measure()
  },

  onLettering(e) {
    const size = e.detail.value
    this.setData({ lettering: size, 'looks.size': size })
    app.change({ lettering: size })
  },

  clear() {
    jd.showModal({
      title: '清除本机数据',
      content: '心愿单、预约和偏好都会清空，然后回到首页。',
      success: ({ confirm }) => {
        if (!confirm) return
        jd.clearStorageSync()
        app.onLaunch()
        jd.reLaunch({ url: '/pages/home/home' })
      }
    })
  },

  back() {
    if (this.data.depth > 1) jd.navigateBack({ delta: this.data.depth - 1 })
    else jd.switchTab({ url: '/pages/home/home' }) // opened by a link
  }
})
