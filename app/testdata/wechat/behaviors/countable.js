module.exports = Behavior({
  properties: { step: { type: Number, value: 1 } },
  data: { count: 0 },
  lifetimes: { attached() { this.setData({ from: 'behavior' }) } },
  methods: {
    add() { this.setData({ count: this.data.count + this.data.step }) },
    clash() { return 'behavior' },
  },
})
