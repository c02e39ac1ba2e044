const { wishes } = require('../../utils/wishlist')
const { find } = require('../../data/catalog')

// What members pay, in hundredths of the price.
const memberRate = 95

// jd's calls answer callbacks; here they are promises whose failure is the platform's own sentence.
const ask = (api, options) => new Promise((done, fail) => {
  jd[api](Object.assign({}, options, { success: done, fail: e => fail(new Error(e.errMsg)) }))
})

Page({
  data: {
    known: false, // login has answered once
    profile: null,
    faceless: false, // the picture did not come
    plus: '',     // '', 'none' or 'plus'
    until: 0,
    phone: false, // a credential for the number was given
    total: 0,
    memberTotal: 0,
    problem: ''
  },

  onLoad() {
    const total = wishes().map(find).filter(Boolean).reduce((sum, p) => sum + p.price, 0)
    this.setData({ total, memberTotal: Math.round(total * memberRate / 100) })
    // Who has allowed it before is greeted at once; nobody is asked for that.
    ask('getUserInfo').then(r => this.setData({ profile: r.userInfo, known: true }), () => {})
  },

  // A shop with a server would send the code there and get back who this is. This one has none, and says so.
  signIn() {
    this.run(ask('login').then(() => this.setData({ known: true })))
  },

  getProfile() {
    this.run(ask('getUserProfile', { desc: '在会员卡上称呼你' }).then(r => this.setData({ profile: r.userInfo, known: true })))
  },

  getPlus() {
    this.run(ask('getPlusStatus').then(r => this.setData({ plus: r.level, until: r.until, known: true })))
  },

  onPhone(e) {
    const { code, errMsg } = e.detail
    if (code) this.setData({ phone: true, known: true, problem: '' })
    else this.say(errMsg)
  },

  onFaceless() {
    this.setData({ faceless: true })
  },

  run(asked) {
    asked.then(() => this.setData({ problem: '' }), e => this.say(e.message))
  },

  // Changing one's mind is no problem; anything else is said in the platform's words.
  say(errMsg) {
    const refused = /:fail (cancel|auth deny|user deny)$/.test(errMsg)
    this.setData({ problem: refused ? '' : errMsg })
    if (refused) jd.showToast({ title: '好的，什么也没有给出去', icon: 'none' })
  }
})
