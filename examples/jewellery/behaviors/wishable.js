const { picture } = require('../data/catalog')
const wishlist = require('../utils/wishlist')

// What every component that shows one piece shares: its picture in the wished metal, and the heart.
module.exports = Behavior({
  properties: {
    piece: { type: Object, value: null },
    metal: { type: String, value: '' }
  },
  data: { image: '', wished: false },
  lifetimes: {
    attached() {
      this.readWish()
    }
  },
  pageLifetimes: {
    show() {
      this.readWish() // another page may have changed it
    }
  },
  observers: {
    'piece, metal': function (piece, metal) {
      if (piece) this.setData({ image: picture(piece, metal) })
    },
    'piece.id': function (id) {
      if (id) this.readWish()
    }
  },
  methods: {
    readWish() {
      const { piece, wished } = this.data
      const now = Boolean(piece) && wishlist.has(piece.id)
      if (now !== wished) this.setData({ wished: now })
    },
    toggleWish() {
      const wished = wishlist.toggle(this.data.piece.id)
      this.setData({ wished })
      this.triggerEvent('wish', { id: this.data.piece.id, wished }, { bubbles: true, composed: true })
    },
    open() {
      this.triggerEvent('open', { id: this.data.piece.id }, { bubbles: true, composed: true })
    }
  }
})
