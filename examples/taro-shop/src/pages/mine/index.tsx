import { useState } from 'react'
import Taro, { useDidShow } from '@tarojs/taro'
import { Image, Navigator, ScrollView, Text, View } from '@tarojs/components'
import Price from '../../components/price'
import { openCart, showBadge } from '../../shop/cart'
import { favourites } from '../../shop/favourites'
import type { Address, Card } from '../../shop/types'
import './index.css'

export default function Mine() {
  const [address, setAddress] = useState<Address | null>(null)
  const [liked, setLiked] = useState<Card[]>([])
  const [kept, setKept] = useState(0)

  function refresh() {
    setAddress(Taro.getStorageSync('address') || null)
    setLiked(favourites())
    setKept(Taro.getStorageInfoSync().currentSize)
    showBadge()
  }
  useDidShow(refresh)

  async function forget() {
    const { confirm } = await Taro.showModal({ title: '清除本机数据', content: '购物车、收藏、地址和搜索记录都会清空。', confirmText: '清除', confirmColor: '#c8402a' })
    if (!confirm) return
    Taro.clearStorageSync()
    openCart()
    refresh()
    Taro.showToast({ title: '已清除', icon: 'success' })
  }

  return (
    <View className='mine'>
      <View className='mine-head'>
        <View className='mine-face'><Image className='mine-face-image' src='/assets/p/teapot-clay.svg' /></View>
        <View>
          <View className='mine-name'>{address ? address.name : '你好，欢迎来坐坐'}</View>
          <View className='soft'>{address ? `常用地址 · ${address.label}` : '还没有留下地址'}</View>
        </View>
      </View>

      <View className='mine-heading'>收藏 {liked.length > 0 ? liked.length : ''}</View>
      {liked.length > 0 ? (
        <ScrollView className='mine-liked' scrollX>
          {liked.map(c => (
            <Navigator className='mine-like' key={c.id} url={`/pages/detail/index?id=${c.id}`} hoverClass='none'>
              <Image className='mine-like-image' src={c.image} mode='aspectFill' />
              <View className='mine-like-name ellipsis'>{c.name}</View>
              <Price fen={c.priceFen} />
            </Navigator>
          ))}
        </ScrollView>
      ) : <View className='card mine-none faint'>在商品页点一下心形，就会收到这里</View>}

      <View className='mine-heading'>服务</View>
      <View className='card'>
        <Navigator className='cell' url='/pages/address/index'>
          <Text className='cell-value'>收货地址</Text>
          <Text className='faint'>{address ? address.region[1] : '去填写'}</Text>
          <Text className='cell-more'>›</Text>
        </Navigator>
        <Navigator className='cell' url='/sub/pages/feedback/index'>
          <Text className='cell-value'>意见反馈</Text>
          <Text className='cell-more'>›</Text>
        </Navigator>
        <Navigator className='cell' url='/sub/pages/about/index'>
          <Text className='cell-value'>关于小集优品</Text>
          <Text className='cell-more'>›</Text>
        </Navigator>
        <View className='cell' id='forget' onClick={forget}>
          <Text className='cell-value'>清除本机数据</Text>
          <Text className='faint'>{kept} KB</Text>
        </View>
      </View>
    </View>
  )
}
