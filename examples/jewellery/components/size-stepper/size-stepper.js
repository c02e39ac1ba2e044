// A number between two keys. It is a form field, so a form collects it by its name; and its value binds both ways.
Component({
  behaviors: ['jd://form-field'],
  properties: {
    value: { type: Number, value: 1 },
    min: { type: Number, value: 1 },
    max: { type: Number, value: 9 },
    unit: String
  },
  methods: {
    step(e) {
      const value = this.data.value + Number(e.currentTarget.dataset.by)
      if (value < this.data.min || value > this.data.max) return
      this.setData({ value })
      this.triggerEvent('change', { value })
    }
  }
})
