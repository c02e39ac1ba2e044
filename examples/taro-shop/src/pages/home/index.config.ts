export default definePageConfig({
  navigationBarTitleText: '小集优品',
  enablePullDownRefresh: true,
  enableShareAppMessage: true,
  onReachBottomDistance: 120
})
