import { PropsWithChildren } from 'react'
import { useLaunch } from '@tarojs/taro'
import { openCart } from './shop/cart'
import './app.css'

export default function App({ children }: PropsWithChildren) {
  useLaunch(() => openCart())
  return children
}
