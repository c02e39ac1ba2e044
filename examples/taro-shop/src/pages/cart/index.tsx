import { useState } from 'react'
import Taro, { useDidShow } from '@tarojs/taro'
import { Button, Checkbox, CheckboxGroup, Image, Label, Switch, Text, View } from '@tarojs/components'
import Notice from '../../components/notice'
import Price from '../../components/price'
import Stepper from '../../components/stepper'
import { cartLines, choose, Line, remove, setCount, showBadge } from '../../shop/cart'
import type { Address } from '../../shop/types'
import './index.css'

const freeFrom = 19900 // fen
const postage = 1200 // fen

export default function Cart() {
  const [lines, setLines] = useState<Line[]>([])
  const [editing, setEditing] = useState(false)
  const [gift, setGift] = useState(false)

  /** Shows what the cart now holds. */
  function refresh() {
    setLines(cartLines())
    showBadge()
  }

  useDidShow(() => {
    setGift(Taro.getStorageSync('gift') === true)
    refresh()
  })

  const chosen = lines.filter(l => l.chosen)
  const goods = chosen.reduce((n, l) => n + l.priceFen * l.count, 0)
  const post = goods === 0 || goods >= freeFrom ? 0 : postage
  const pieces = chosen.reduce((n, l) => n + l.count, 0)

  async function drop(keys: string[], title: string) {
    const { confirm } = await Taro.showModal({ title, content: '移出以后，可以在商品页再次加入。', confirmText: '移出', confirmColor: '#c8402a' })
    if (!confirm) return
    remove(keys)
    if (cartLines().length === 0) setEditing(false)
    refresh()
  }

  async function settle() {
    if (chosen.length === 0) {
      Taro.showToast({ title: '请先选择商品', icon: 'none' })
      return
    }
    const address: Address | '' = Taro.getStorageSync('address')
    if (!address) {
      Taro.navigateTo({ url: '/pages/address/index' })
      return
    }
    const { confirm } = await Taro.showModal({
      title: '确认收货信息',
      content: `${address.name} ${address.phone}\n${address.region.join('')}${address.detail}\n\n这是演示小店，不会收款，也不会发货。`,
      cancelText: '改地址',
      confirmText: '知道了'
    })
    if (!confirm) Taro.navigateTo({ url: '/pages/address/index' })
  }

  if (lines.length === 0) {
    return <Notice title='购物车还是空的' line='去挑一件喜欢的东西吧' action='去逛逛' onAction={() => Taro.switchTab({ url: '/pages/home/index' })} />
  }
  return (
    <View className='cart'>
      <View className='cart-head'>
        <Text className='faint'>共 {lines.length} 种商品</Text>
        <Text className='cart-edit' id='edit' onClick={() => setEditing(!editing)}>{editing ? '完成' : '管理'}</Text>
      </View>

      <CheckboxGroup className='card' onChange={e => { choose(e.detail.value); refresh() }}>
        {lines.map(l => (
          <View className='cart-line' key={l.key}>
            <Label className='cart-check'><Checkbox value={l.key} checked={l.chosen} color='#1d1d1f' /></Label>
            <Image className='cart-image' src={l.image} mode='aspectFill'
              onClick={() => Taro.navigateTo({ url: `/pages/detail/index?id=${l.product}` })}
              onLongPress={() => drop([l.key], `移出「${l.name}」？`)} />
            <View className='cart-words'>
              <View className='cart-name ellipsis'>{l.name}</View>
              <View className='cart-choice'>{l.choice}</View>
              <View className='cart-foot'>
                <Price fen={l.priceFen} />
                <Stepper value={l.count} least={0} most={l.stock} onChange={n => {
                  if (n === 0) {
                    drop([l.key], `移出「${l.name}」？`)
                    return
                  }
                  setCount(l.key, n)
                  refresh()
                }} />
              </View>
            </View>
          </View>
        ))}
      </CheckboxGroup>

      <View className='card cart-block'>
        <View className='cell'>
          <View className='cell-value'>
            <View>礼物包装</View>
            <View className='cart-hint'>附一张手写卡，不放价签</View>
          </View>
          <Switch checked={gift} color='#1d1d1f' onChange={e => { setGift(e.detail.value); Taro.setStorageSync('gift', e.detail.value) }} />
        </View>
        <View className='cell'>
          <Text className='cell-value'>运费</Text>
          <Text id='postage'>{post === 0 ? '包邮' : `¥${post / 100}`}</Text>
        </View>
      </View>
      <View className='cart-tip'>{goods > 0 && post > 0 ? `再买 ¥${(freeFrom - goods) / 100} 包邮` : '满 ¥199 包邮'}</View>

      <View className='cart-bar'>
        <CheckboxGroup onChange={e => { choose(e.detail.value.length > 0 ? lines.map(l => l.key) : []); refresh() }}>
          <Label className='cart-all'><Checkbox value='all' checked={chosen.length === lines.length} color='#1d1d1f' />全选</Label>
        </CheckboxGroup>
        {editing
          ? <View className='cart-sum' />
          : <View className='cart-sum'><Text className='cart-sum-name'>合计</Text><Price fen={goods + post} /></View>}
        {editing
          ? <Button className='line-button cart-button' disabled={chosen.length === 0} onClick={() => drop(chosen.map(l => l.key), `移出选中的 ${chosen.length} 种商品？`)}>移出</Button>
          : <Button className='solid-button cart-button' id='settle' onClick={settle}>结算{pieces > 0 ? ` (${pieces})` : ''}</Button>}
      </View>
    </View>
  )
}
