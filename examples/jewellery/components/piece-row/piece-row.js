Component({
  behaviors: [require('../../behaviors/wishable')]
})
