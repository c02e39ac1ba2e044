import { teas } from './utils/teas'

App({
  globalData: { teas, basket: [] },
  onLaunch(options) {
    this.globalData.scene = options.scene
    wx.setStorageSync('visits', (wx.getStorageSync('visits') || 0) + 1)
  },
})
