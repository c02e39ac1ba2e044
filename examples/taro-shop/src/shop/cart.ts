import Taro from '@tarojs/taro'

export interface Line {
  key: string // product, finish and option: what makes two lines the same
  product: string
  name: string
  image: string
  choice: string
  priceFen: number
  stock: number
  count: number
  chosen: boolean
}

const place = 'cart'
let lines: Line[] = []

/** Reads the cart that an earlier visit left. */
export function openCart() {
  const kept = Taro.getStorageSync(place)
  lines = Array.isArray(kept) ? kept : []
}

export const cartLines = () => lines

export const cartCount = () => lines.reduce((n, l) => n + l.count, 0)

function keep(next: Line[]) {
  lines = next
  Taro.setStorageSync(place, lines)
}

/** Adds to a line that is there, as far as the stock goes, or makes a new one. Says whether all of it fitted. */
export function addToCart(line: Omit<Line, 'chosen'>): boolean {
  const there = lines.find(l => l.key === line.key)
  const before = there ? there.count : 0
  const count = Math.min(before + line.count, line.stock)
  keep([{ ...line, count, chosen: true }, ...lines.filter(l => l.key !== line.key)])
  return count === before + line.count
}

export function setCount(key: string, count: number) {
  keep(lines.map(l => (l.key === key ? { ...l, count: Math.max(1, Math.min(count, l.stock)) } : l)))
}

export function remove(keys: string[]) {
  keep(lines.filter(l => !keys.includes(l.key)))
}

export function choose(keys: string[]) {
  keep(lines.map(l => ({ ...l, chosen: keys.includes(l.key) })))
}

/** The number on the tab bar's third tab. Only tab pages may set it, so they call this whenever they show. */
export function showBadge() {
  const n = cartCount()
  const done = n > 0 ? Taro.setTabBarBadge({ index: 2, text: n > 99 ? '99+' : String(n) }) : Taro.removeTabBarBadge({ index: 2 })
  done.catch(() => {}) // the visitor went on to another page meanwhile
}
