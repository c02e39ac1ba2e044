Component({
  properties: {
    options: { type: Array, value: [] }, // { id, name }
    value: String
  },
  methods: {
    choose(e) {
      const { id } = e.currentTarget.dataset
      if (id === this.data.value) return
      this.setData({ value: id })
      this.triggerEvent('change', { value: id })
    }
  }
})
