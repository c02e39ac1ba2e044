// The wish list is a list of piece ids, newest first.
const place = 'wishes'

export function wishes() {
  const kept = jd.getStorageSync(place)
  return Array.isArray(kept) ? kept : []
}

export const has = id => wishes().includes(id)

/** Puts a piece on the list or takes it off, and says whether it is on it now. */
export function toggle(id) {
  const was = has(id)
  const others = wishes().filter(w => w !== id)
  jd.setStorageSync(place, was ? others : [id, ...others])
  return !was
}

export function clear() {
  jd.removeStorageSync(place)
}
