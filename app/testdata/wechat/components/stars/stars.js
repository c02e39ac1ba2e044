Component({
  behaviors: ['wx://form-field'],
  externalClasses: ['my-star'],
  properties: { max: { type: Number, value: 5 } },
  methods: {
    choose(e) {
      this.setData({ value: e.currentTarget.dataset.at })
      this.triggerEvent('change', { value: this.data.value }, { bubbles: true, composed: true })
    },
  },
})
