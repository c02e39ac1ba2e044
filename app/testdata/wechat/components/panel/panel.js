const countable = require('../../behaviors/countable')

Component({
  options: { multipleSlots: true, pureDataPattern: /^_/ },
  behaviors: [countable],
  properties: { open: Boolean, title: { type: String, value: '', observer(now, before) { this.data._titles.push(before + '>' + now) } } },
  data: { label: '', _titles: [] },
  observers: {
    'title, count'(title, count) { this.setData({ label: title + ':' + count }) },
    'nested.**'(v) { this.triggerEvent('deep', v) },
  },
  lifetimes: {
    created() { this.order = ['created'] },
    attached() { this.order.push('attached') },
    ready() { this.order.push('ready') },
    detached() { getApp().globalData.detached = (getApp().globalData.detached || 0) + 1 },
  },
  pageLifetimes: { show() { this.order && this.order.push('show') }, hide() { this.order.push('hide') } },
  methods: {
    clash() { return 'component' },
    history() { return this.order.join() + ' ' + this.data._titles.join() },
  },
})
