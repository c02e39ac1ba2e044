export interface Card {
  id: string
  name: string
  tagline: string
  badge?: string
  priceFen: number
  wasFen?: number
  image: string
  colours: number
}

export interface Product extends Card {
  category: string
  palette: { id: string; name: string; image: string }[]
  spec: { name: string; options: { name: string; addFen: number; stock: number }[] }
  facts: { name: string; value: string }[]
  story: string[]
  stock: number
}

export interface Home {
  banners: { image: string; title: string; line: string; product: string }[]
  channels: { id: string; name: string; image: string }[]
  notice: string
}

export interface Category {
  id: string
  name: string
  line: string
  groups: { id: string; name: string; products: Card[] }[]
}

export interface Page {
  items: Card[]
  next: string
  total: number
}

export interface Address {
  id?: string
  name: string
  phone: string
  region: string[]
  detail: string
  label: string
  default: boolean
  note: string
}
