const wishable = require('../../behaviors/wishable')

Component({
  behaviors: [wishable],
  options: { multipleSlots: true },
  externalClasses: ['card-class', 'name-class']
})
