Component({
  data: { names: [], current: '' },
  relations: {
    './tab': {
      type: 'child',
      linked() { this.refresh() },
      unlinked() { this.refresh() },
    },
  },
  methods: {
    refresh() {
      const tabs = this.getRelationNodes('./tab')
      const names = tabs.map((t) => t.data.name)
      const current = names.includes(this.data.current) ? this.data.current : names[0] || ''
      this.setData({ names, current })
      tabs.forEach((t) => t.show(t.data.name === current))
    },
    pick(e) {
      this.setData({ current: e.currentTarget.dataset.name })
      this.refresh()
    },
  },
})
