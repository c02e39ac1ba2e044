Component({
  relations: {
    './tab': {
      type: 'child',
      linked() { this.arrange() },
      unlinked() { this.arrange() }
    }
  },
  properties: {
    value: String // name of the open tab; the first one when empty
  },
  data: { labels: [] },
  observers: {
    value() { this.arrange() }
  },
  methods: {
    /** Reads the labels from the tabs and tells each whether it is open. */
    arrange() {
      const tabs = this.getRelationNodes('./tab') || []
      const open = this.data.value || (tabs[0] && tabs[0].data.name)
      this.setData({ labels: tabs.map(t => ({ name: t.data.name, label: t.data.label, open: t.data.name === open })) })
      tabs.forEach(t => t.show(t.data.name === open))
    },
    choose(e) {
      const { name } = e.currentTarget.dataset
      if (name === this.data.value) return
      this.setData({ value: name }) // goes on to the page through model:value
      this.triggerEvent('change', { value: name })
    }
  }
})
