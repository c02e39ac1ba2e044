Page({ data: { rows: [], selected: 0 }, select(e) { this.setData({ selected: e.currentTarget.dataset.id }) } })
