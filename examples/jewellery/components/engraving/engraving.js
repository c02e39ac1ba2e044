// Shows words cut into metal.
Component({
  properties: {
    text: String,
    metal: { type: String, value: 'gold' },
    look: { type: Object, value: { face: 'song', size: 44 } } // size in rpx
  },
  data: { letters: [], font: '' },
  observers: {
    text(text) {
      // Array.from keeps characters whole that take two code units.
      this.setData({ letters: Array.from(text).map((glyph, at) => ({ at, glyph })) })
    },
    'look.**': function (look) {
      const faces = { song: 'face-song', hei: 'face-hei', kai: 'face-kai' }
      this.setData({ font: faces[look && look.face] || faces.song })
    }
  }
})
