Page({
  data: { who: '', score: 3, cups: ['盖碗', '紫砂'], sent: '', heard: '' },
  submit(e) { this.setData({ sent: JSON.stringify(e.detail.value) }) },
  reset() { this.setData({ sent: 'reset' }) },
  changed(e) { this.hear('score ' + e.detail.value) },
  hear(what) { this.setData({ heard: this.data.heard + what + ';' }) },
  outer() { this.hear('outer') },
  middle() { this.hear('middle') },
  inner() { this.hear('inner') },
  captured() { this.hear('captured') },
  caught() { this.hear('caught') },
  late() { this.hear('late') },
})
