import { stores } from '../../data/journal'
import { find } from '../../data/catalog'

const two = n => String(n).padStart(2, '0')
const dayOf = date => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`

Page({
  data: {
    stores,
    store: -1,
    first: '',
    last: '',
    date: '',
    time: '',
    aims: ['试戴', '量手围', '刻字', '保养'],
    people: 2,
    piece: null,
    done: 0, // how many steps are filled in
    wrong: {}
  },

  onLoad(query) {
    const day = 24 * 3600 * 1000
    this.setData({
      first: dayOf(new Date(Date.now() + day)),
      last: dayOf(new Date(Date.now() + 30 * day)),
      piece: (query.piece && find(query.piece)) || null
    })
  },

  onStore(e) {
    this.setData({ store: Number(e.detail.value), 'wrong.store': '' }, this.count)
  },

  onDate(e) {
    this.setData({ date: e.detail.value, 'wrong.when': '' }, this.count)
  },

  onTime(e) {
    this.setData({ time: e.detail.value, 'wrong.when': '' }, this.count)
  },

  count() {
    const { store, date, time } = this.data
    this.setData({ done: store < 0 ? 0 : date && time ? 2 : 1 })
  },

  check(form) {
    const wrong = {}
    if (this.data.store < 0) wrong.store = '请选择门店'
    if (!this.data.date || !this.data.time) wrong.when = '请选择日期和时间'
    if (form.name.trim().length < 2) wrong.name = '请写下称呼'
    if (!/^1[3-9]\d{9}$/.test(form.phone)) wrong.phone = '手机号须为 11 位大陆号码'
    if (form.aims.length === 0) wrong.aims = '至少选一项'
    return wrong
  },

  submit(e) {
    const form = e.detail.value
    const wrong = this.check(form)
    this.setData({ wrong })
    const first = Object.values(wrong)[0]
    if (first) {
      jd.showToast({ title: first, icon: 'none' })
      return
    }
    const { store, date, time } = this.data
    const booking = { at: Date.now(), store: stores[store].name, date, time, people: form.people, name: form.name.trim(), aims: form.aims, parking: form.parking, note: form.note }
    jd.showLoading({ title: '正在预约' })
    jd.setStorage({
      key: 'bookings',
      data: [booking, ...(jd.getStorageSync('bookings') || [])],
      success: () => {
        this.setData({ done: 3 })
        jd.showModal({
          title: '约好了',
          content: `${booking.store}，${date} ${time}，${booking.people} 位。演示店铺没有真的门店，请不要出门。`,
          showCancel: false,
          confirmText: '知道了',
          success: () => jd.switchTab({ url: '/pages/wishlist/wishlist' })
        })
      },
      fail: () => jd.showToast({ title: '没能保存，请再试一次', icon: 'none' }),
      complete: () => jd.hideLoading()
    })
  },

  reset() {
    this.setData({ store: -1, date: '', time: '', people: 2, wrong: {}, done: 0 })
  }
})
