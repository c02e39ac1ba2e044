import Taro from '@tarojs/taro'
import type { Card } from './types'

const place = 'favourites'

export function favourites(): Card[] {
  const kept = Taro.getStorageSync(place)
  return Array.isArray(kept) ? kept : []
}

export const isFavourite = (id: string) => favourites().some(c => c.id === id)

/** Says whether the product is a favourite afterwards. */
export function toggleFavourite({ id, name, tagline, priceFen, image, colours }: Card): boolean {
  const others = favourites().filter(c => c.id !== id)
  const was = others.length < favourites().length
  Taro.setStorageSync(place, was ? others : [{ id, name, tagline, priceFen, image, colours }, ...others])
  return !was
}
