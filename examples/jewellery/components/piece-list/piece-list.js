// A list that leaves open how one piece looks: its user says generic:item, or gets rows.
Component({
  options: { multipleSlots: true },
  properties: {
    pieces: { type: Array, value: [] },
    metal: String,
    layout: { type: String, value: 'rows' } // rows or grid
  }
})
