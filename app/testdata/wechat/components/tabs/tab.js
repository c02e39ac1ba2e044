Component({
  properties: { name: String },
  data: { shown: false },
  relations: { './tabs': { type: 'parent' } },
  methods: { show(shown) { if (shown !== this.data.shown) this.setData({ shown }) } },
})
