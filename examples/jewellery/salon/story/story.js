import { journal, stores } from '../../data/journal'

Page({
  data: {
    blocks: [],
    stores,
    read: 0 // percent
  },

  onLoad() {
    let number = 0
    // Only blocks that are chapters carry a number.
    this.setData({ blocks: journal.map((b, i) => ({ ...b, id: i, number: b.kind === 'words' || b.kind === 'table' ? `0${++number}` : '' })) })
  },

  onReady() {
    jd.createSelectorQuery()
      .select('#story').boundingClientRect()
      .selectViewport().boundingClientRect()
      .exec(([story, view]) => {
        if (story && view) this.range = Math.max(1, story.height - view.height)
      })
  },

  onPageScroll({ scrollTop }) {
    if (!this.range) return
    const read = Math.max(0, Math.min(100, Math.round((scrollTop / this.range) * 100)))
    if (read !== this.data.read) this.setData({ read })
  },

  onShareAppMessage() {
    return { title: '砚光 · 工作台上', path: '/salon/story/story' }
  }
})
