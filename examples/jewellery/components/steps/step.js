Component({
  behaviors: [require('./counted')],
  relations: {
    './steps': { type: 'ancestor' }
  },
  properties: { title: String }
})
