import Taro from '@tarojs/taro'
import { Image, Text, View } from '@tarojs/components'
import Price from './price'
import type { Card } from '../shop/types'
import './product-card.css'

export default function ProductCard({ card }: { card: Card }) {
  return (
    <View className='product-card' id={`product-${card.id}`} onClick={() => Taro.navigateTo({ url: `/pages/detail/index?id=${card.id}` })}>
      <View className='product-card-picture'>
        <Image className='product-card-image' src={card.image} mode='aspectFill' lazyLoad />
        {card.badge ? <Text className='product-card-badge'>{card.badge}</Text> : null}
      </View>
      <View className='product-card-words'>
        <View className='product-card-name ellipsis'>{card.name}</View>
        <View className='product-card-line ellipsis'>{card.tagline}</View>
        <View className='product-card-foot'>
          <Price fen={card.priceFen} was={card.wasFen} />
          {card.colours > 1 ? <Text className='product-card-colours'>{card.colours} 色</Text> : null}
        </View>
      </View>
    </View>
  )
}
