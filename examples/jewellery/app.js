// CommonJS here, ES modules in utils/ and some pages: a package may use both.
const settings = require('./utils/settings')

App({
  globalData: {
    kind: '', // the kind that the collection page should show next, because switchTab carries no query
    settings: settings.standard
  },

  onLaunch() {
    this.globalData.settings = settings.load()
  },

  /** Changes some settings and keeps them for the next visit. */
  change(part) {
    this.globalData.settings = Object.assign({}, this.globalData.settings, part)
    settings.save(this.globalData.settings)
  }
})
