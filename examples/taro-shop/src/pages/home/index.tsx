import { useRef, useState } from 'react'
import Taro, { useDidShow, useLoad, usePullDownRefresh, useReachBottom, useShareAppMessage } from '@tarojs/taro'
import { CustomWrapper, Image, Swiper, SwiperItem, Text, View } from '@tarojs/components'
import Notice from '../../components/notice'
import ProductCard from '../../components/product-card'
import { fetchHome, fetchProducts, messageOf } from '../../shop/api'
import { showBadge } from '../../shop/cart'
import type { Card, Home as HomeContent } from '../../shop/types'
import './index.css'

export default function Home() {
  const [home, setHome] = useState<HomeContent | null>(null)
  const [cards, setCards] = useState<Card[]>([])
  const [state, setState] = useState<'loading' | 'more' | 'end' | 'failed'>('loading')
  const [slide, setSlide] = useState(0)
  const next = useRef('')
  const busy = useRef(false)

  async function loadPage(first: boolean) {
    if (busy.current) return
    busy.current = true
    setState('loading')
    try {
      const page = await fetchProducts(first ? {} : { cursor: next.current })
      next.current = page.next
      setCards(was => (first ? page.items : was.concat(page.items)))
      setState(page.next ? 'more' : 'end')
    } catch (e) {
      setState('failed')
      Taro.showToast({ title: messageOf(e), icon: 'none' })
    } finally {
      busy.current = false
    }
  }

  async function reload() {
    const content = fetchHome().then(setHome, () => {}) // the list below says that the network failed
    await Promise.all([content, loadPage(true)])
  }

  useLoad(() => { reload() })
  useDidShow(showBadge)
  usePullDownRefresh(async () => {
    await reload()
    Taro.stopPullDownRefresh()
  })
  useReachBottom(() => { if (state === 'more') loadPage(false) })
  useShareAppMessage(() => ({ title: '小集优品 · 把日常过得好一点', path: '/pages/home/index' }))

  return (
    <View className='home'>
      <View className='home-search' onClick={() => Taro.navigateTo({ url: '/pages/search/index' })}>
        <Image className='home-search-icon' src='/assets/ui/search.svg' />
        <Text>搜索杯子、台灯、笔记本</Text>
      </View>

      {home ? (
        <View>
          <View className='home-stage'>
            <Swiper className='home-swiper' autoplay circular interval={4500} duration={420} onChange={e => setSlide(e.detail.current)}>
              {home.banners.map(b => (
                <SwiperItem key={b.product}>
                  <View className='home-banner' onClick={() => Taro.navigateTo({ url: `/pages/detail/index?id=${b.product}` })}>
                    <Image className='home-banner-image' src={b.image} mode='aspectFill' />
                    <View className='home-banner-words'>
                      <View className='home-banner-title'>{b.title}</View>
                      <View className='home-banner-line'>{b.line}</View>
                      <View className='home-banner-more'>去看看</View>
                    </View>
                  </View>
                </SwiperItem>
              ))}
            </Swiper>
            <View className='home-dots'>
              {home.banners.map((b, i) => <View key={b.product} className={i === slide ? 'home-dot home-dot-on' : 'home-dot'} />)}
            </View>
          </View>

          <View className='home-channels'>
            {home.channels.map(c => (
              <View className='home-channel' key={c.id} onClick={() => {
                Taro.setStorageSync('category', c.id)
                Taro.switchTab({ url: '/pages/category/index' })
              }}>
                <Image className='home-channel-image' src={c.image} />
                <Text className='home-channel-name'>{c.name}</Text>
              </View>
            ))}
          </View>
          <View className='home-notice'>{home.notice}</View>
        </View>
      ) : null}

      {cards.length > 0 ? (
        <View>
          <View className='home-heading'>
            <Text className='home-heading-title'>本季好物</Text>
            <Text className='faint'>慢慢挑，不着急</Text>
          </View>
          <CustomWrapper>
            <View className='home-list'>
              {cards.map(c => <ProductCard key={c.id} card={c} />)}
            </View>
          </CustomWrapper>
        </View>
      ) : null}

      {state === 'failed' && cards.length === 0
        ? <Notice title='没能打开小店' line='请检查网络后再试一次' action='重新加载' onAction={reload} />
        : (
          <View className='home-end' onClick={() => { if (state === 'failed') loadPage(false) }}>
            {state === 'loading' ? '正在加载…' : state === 'failed' ? '没有加载出来，点这里再试' : state === 'end' ? '就这些了，下次再来看看' : '上滑看更多'}
          </View>
        )}
    </View>
  )
}
