Component({
  relations: {
    './tabs': { type: 'parent' }
  },
  properties: {
    name: String,
    label: String
  },
  data: { open: false },
  methods: {
    show(open) {
      if (open !== this.data.open) this.setData({ open })
    }
  }
})
