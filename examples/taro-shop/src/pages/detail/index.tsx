import { useMemo, useState } from 'react'
import Taro, { useDidShow, useLoad, useShareAppMessage } from '@tarojs/taro'
import { Button, Image, RichText, Swiper, SwiperItem, Text, View } from '@tarojs/components'
import Notice from '../../components/notice'
import Price from '../../components/price'
import SpecSheet, { Choice } from '../../components/spec-sheet'
import { fetchProduct, messageOf } from '../../shop/api'
import { addToCart, cartCount } from '../../shop/cart'
import { isFavourite, toggleFavourite } from '../../shop/favourites'
import type { Product } from '../../shop/types'
import './index.css'

export default function Detail() {
  const [id, setID] = useState('')
  const [product, setProduct] = useState<Product | null>(null)
  const [failure, setFailure] = useState('')
  const [choice, setChoice] = useState<Choice>({ finish: 0, option: 0, count: 1 })
  const [sheet, setSheet] = useState<'' | 'add' | 'buy'>('')
  const [liked, setLiked] = useState(false)
  const [inCart, setInCart] = useState(0)

  async function load(wanted: string) {
    setFailure('')
    Taro.showLoading({ title: '加载中' })
    try {
      const p = await fetchProduct(wanted)
      setProduct(p)
      setLiked(isFavourite(p.id))
      setChoice({ finish: 0, option: Math.max(0, p.spec.options.findIndex(o => o.stock > 0)), count: 1 })
      Taro.setNavigationBarTitle({ title: p.name })
    } catch (e) {
      setFailure(messageOf(e))
    } finally {
      Taro.hideLoading()
    }
  }

  useLoad(query => {
    setID(query.id || '')
    load(query.id || '')
  })
  useDidShow(() => setInCart(cartCount()))
  useShareAppMessage(() => ({
    title: product ? `${product.name}｜${product.tagline}` : '小集优品',
    path: `/pages/detail/index?id=${id}`,
    imageUrl: product ? product.image : undefined
  }))

  const story = useMemo(
    () => (product ? product.story.map(p => `<p style="margin-bottom:12px;line-height:1.8;color:#6e6e73">${p}</p>`).join('') : ''),
    [product]
  )

  if (failure) return <Notice title='没有找到这件商品' line={failure} action='重新加载' onAction={() => load(id)} />
  if (!product) return null

  const finish = product.palette[choice.finish]
  const option = product.spec.options[choice.option]

  function confirm() {
    if (!product) return
    const all = addToCart({
      key: `${product.id}/${finish.id}/${option.name}`,
      product: product.id,
      name: product.name,
      image: finish.image,
      choice: `${finish.name}，${option.name}`,
      priceFen: product.priceFen + option.addFen,
      stock: option.stock,
      count: choice.count
    })
    setInCart(cartCount())
    const buying = sheet === 'buy'
    setSheet('')
    if (buying) Taro.switchTab({ url: '/pages/cart/index' })
    else Taro.showToast({ title: all ? '已加入购物车' : '已按库存加满', icon: all ? 'success' : 'none' })
  }

  async function more() {
    if (!product) return
    try {
      const { tapIndex } = await Taro.showActionSheet({ itemList: [liked ? '取消收藏' : '收藏', '反馈这件商品', '回到首页'] })
      if (tapIndex === 0) like()
      if (tapIndex === 1) Taro.navigateTo({ url: `/sub/pages/feedback/index?about=${encodeURIComponent(product.name)}` })
      if (tapIndex === 2) Taro.switchTab({ url: '/pages/home/index' })
    } catch (e) {
      // the sheet was dismissed
    }
  }

  function like() {
    if (!product) return
    const now = toggleFavourite(product)
    setLiked(now)
    Taro.showToast({ title: now ? '已收藏' : '已取消收藏', icon: 'none' })
  }

  return (
    <View className='detail'>
      <View className='detail-gallery'>
        <Swiper className='detail-swiper' current={choice.finish} duration={320} onChange={e => setChoice(c => ({ ...c, finish: e.detail.current }))}>
          {product.palette.map(c => (
            <SwiperItem key={c.id}><Image className='detail-image' src={c.image} mode='aspectFill' /></SwiperItem>
          ))}
        </Swiper>
        <Text className='detail-counter'>{choice.finish + 1} / {product.palette.length}</Text>
      </View>

      <View className='detail-words card'>
        <View className='detail-top'>
          <Price fen={product.priceFen + option.addFen} was={choice.option === 0 ? product.wasFen : 0} large />
          <View className='detail-tools'>
            <View className='detail-tool' id='like' onClick={like}><Image className='detail-tool-icon' src={liked ? '/assets/ui/heart-on.svg' : '/assets/ui/heart.svg'} /></View>
            <Button className='detail-tool' id='share' openType='share'><Image className='detail-tool-icon' src='/assets/ui/share.svg' /></Button>
            <View className='detail-tool detail-dots' id='more' onClick={more}>···</View>
          </View>
        </View>
        <View className='detail-name'>{product.name}</View>
        <View className='soft'>{product.tagline}</View>
      </View>

      <View className='card detail-block'>
        <View className='cell' id='choose' onClick={() => setSheet('add')}>
          <Text className='cell-name soft'>已选</Text>
          <Text className='cell-value'>{finish.name}，{option.name}，{choice.count} 件</Text>
          <Text className='cell-more'>›</Text>
        </View>
        <View className='cell'>
          <Text className='cell-name soft'>库存</Text>
          <Text className='cell-value'>{option.stock > 0 ? `${option.stock} 件` : '暂时缺货'}</Text>
        </View>
      </View>

      <View className='card detail-block detail-pad'>
        <View className='detail-heading'>关于它</View>
        <RichText nodes={story} />
      </View>

      <View className='card detail-block detail-pad'>
        <View className='detail-heading'>参数</View>
        {product.facts.map(f => (
          <View className='detail-fact' key={f.name}>
            <Text className='detail-fact-name'>{f.name}</Text>
            <Text className='detail-fact-value'>{f.value}</Text>
          </View>
        ))}
      </View>

      <View className='detail-bar'>
        <View className='detail-bar-icon' onClick={() => Taro.switchTab({ url: '/pages/home/index' })}>
          <Image className='detail-bar-image' src='/assets/ui/home.svg' />
          <Text>首页</Text>
        </View>
        <View className='detail-bar-icon' id='to-cart' onClick={() => Taro.switchTab({ url: '/pages/cart/index' })}>
          <Image className='detail-bar-image' src='/assets/ui/cart.svg' />
          <Text>购物车</Text>
          {inCart > 0 ? <Text className='detail-bar-badge'>{inCart > 99 ? '99+' : inCart}</Text> : null}
        </View>
        <Button className='line-button detail-bar-button' id='add' onClick={() => setSheet('add')}>加入购物车</Button>
        <Button className='solid-button detail-bar-button' id='buy' onClick={() => setSheet('buy')}>立即购买</Button>
      </View>

      <SpecSheet
        product={product}
        choice={choice}
        open={sheet !== ''}
        action={sheet === 'buy' ? '去购物车结算' : '加入购物车'}
        onChange={setChoice}
        onClose={() => setSheet('')}
        onConfirm={confirm}
      />
    </View>
  )
}
