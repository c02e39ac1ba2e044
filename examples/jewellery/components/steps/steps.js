const counted = require('./counted')

Component({
  relations: {
    step: {
      type: 'descendant',
      target: counted,
      linked() { this.count() },
      unlinked() { this.count() }
    }
  },
  properties: {
    done: { type: Number, value: 0 } // how many steps are behind
  },
  observers: {
    done() { this.count() }
  },
  methods: {
    count() {
      const steps = this.getRelationNodes('step') || []
      steps.forEach((s, i) => s.take(i + 1, i < this.data.done ? 'done' : i === this.data.done ? 'now' : 'ahead'))
    }
  }
})
