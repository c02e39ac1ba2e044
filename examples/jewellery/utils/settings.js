const place = 'settings'

export const standard = { metal: 'gold', lettering: 44 }

export function load() {
  return Object.assign({}, standard, jd.getStorageSync(place) || {})
}

export function save(settings) {
  jd.setStorageSync(place, settings)
}
