Page({
  data: { open: true, title: '甲', said: '', names: ['一', '二'], second: true, tree: { name: '茶', kids: [{ name: '绿', kids: [{ name: '龙井' }] }, { name: '红' }] } },
  toggle() { this.setData({ open: !this.data.open }) },
  rename() { this.setData({ title: '乙' }) },
  headTapped() { this.setData({ said: 'head of the page' }) },
  ask() {
    const panel = this.selectComponent('#panel')
    wx.createSelectorQuery().select('#tree').boundingClientRect().selectAll('#tabs').fields({ size: true, id: true }).exec(([tree, tabs]) => {
      this.setData({ said: [panel.history(), panel.clash(), panel.data.count, this.selectAllComponents('panel, #panel').length, tree.width > 100, tabs[0].id].join(' | ') })
    })
  },
  more() { this.setData({ names: this.data.names.concat('三') }) },
  fewer() { this.setData({ names: this.data.names.slice(1) }) },
  watch() { this.setData({ watching: true }) },
  remove() { this.setData({ second: false }, () => this.setData({ said: 'detached ' + getApp().globalData.detached })) },
})
