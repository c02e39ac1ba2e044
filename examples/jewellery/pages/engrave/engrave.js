// A page may be made with Component: its query arrives as properties, and it can observe.
Component({
  properties: {
    metal: { type: String, value: 'gold' },
    most: { type: Number, value: 12 }
  },

  data: {
    text: '',
    look: { face: 'song', size: 44 },
    faces: [{ id: 'song', name: '宋体' }, { id: 'hei', name: '黑体' }, { id: 'kai', name: '楷体' }],
    ideas: ['初光', '2026.11.25', '林晚 ∞ 周野', '慢慢来'],
    left: 12
  },

  observers: {
    'text, most': function (text, most) {
      this.setData({ left: most - Array.from(text).length })
    }
  },

  methods: {
    onLoad() {
      const channel = this.getOpenerEventChannel()
      if (!channel || !channel.on) return // opened by a link
      channel.on('draft', draft => this.setData({ text: draft.text, look: draft.look }))
    },

    onFace(e) {
      this.setData({ 'look.face': e.detail.value })
    },

    onSize(e) {
      this.setData({ 'look.size': e.detail.value })
    },

    take(e) {
      this.setData({ text: Array.from(e.currentTarget.dataset.idea).slice(0, this.data.most).join('') })
    },

    done() {
      const { text, look, left } = this.data
      if (left < 0) {
        jd.showToast({ title: `多了 ${-left} 个字`, icon: 'none' })
        return
      }
      const channel = this.getOpenerEventChannel()
      if (channel && channel.emit) channel.emit('engraved', { text: text.trim(), look })
      if (getCurrentPages().length > 1) jd.navigateBack()
      else jd.switchTab({ url: '/pages/home/home' })
    }
  }
})
