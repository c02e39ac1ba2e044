// Marks what counts as a step, wherever it stands below the steps: relations find it by this behavior, not by path.
module.exports = Behavior({
  data: { number: 0, state: 'ahead' }, // ahead, now or done
  methods: {
    take(number, state) {
      if (number !== this.data.number || state !== this.data.state) this.setData({ number, state })
    }
  }
})
