import { useRef, useState } from 'react'
import Taro, { useDidShow, useLoad } from '@tarojs/taro'
import { Image, ScrollView, View } from '@tarojs/components'
import Notice from '../../components/notice'
import Price from '../../components/price'
import { fetchCategories, messageOf } from '../../shop/api'
import { showBadge } from '../../shop/cart'
import type { Category as Section } from '../../shop/types'
import './index.css'

export default function Category() {
  const [sections, setSections] = useState<Section[]>([])
  const [failure, setFailure] = useState('')
  const [active, setActive] = useState('')
  const [target, setTarget] = useState('') // where the right side scrolls to
  const tops = useRef<{ id: string; top: number }[]>([])
  const led = useRef(0) // until when the left side leads, in ms: its scroll must not move the mark

  function goTo(id: string) {
    led.current = Date.now() + 600
    setActive(id)
    setTarget('') // so that the same target twice scrolls twice
    Taro.nextTick(() => setTarget(`section-${id}`))
  }

  function measure() {
    const query = Taro.createSelectorQuery()
    query.selectAll('.category-section').boundingClientRect()
    query.exec(([rects]) => {
      if (!rects || rects.length === 0) return
      tops.current = rects.map((r: { id: string; top: number }) => ({ id: r.id.replace('section-', ''), top: r.top - rects[0].top }))
    })
  }

  async function load() {
    setFailure('')
    try {
      const list = await fetchCategories()
      setSections(list)
      setActive(now => now || list[0].id)
      setTimeout(measure, 300) // after the list is laid out
      followChannel(list)
    } catch (e) {
      setFailure(messageOf(e))
    }
  }

  /** A channel on the home page leaves its category in storage and switches here. */
  function followChannel(list: Section[]) {
    const wanted = Taro.getStorageSync('category')
    if (!wanted || list.length === 0) return
    Taro.removeStorageSync('category')
    if (list.some(s => s.id === wanted)) setTimeout(() => goTo(wanted), 60)
  }

  useLoad(() => { load() })
  useDidShow(() => {
    showBadge()
    followChannel(sections)
  })

  function follow(scrollTop: number) {
    if (Date.now() < led.current) return
    const passed = tops.current.filter(t => t.top <= scrollTop + 40)
    if (passed.length > 0) setActive(passed[passed.length - 1].id)
  }

  if (failure) return <Notice title='没能取到分类' line={failure} action='重新加载' onAction={load} />
  return (
    <View className='category'>
      <ScrollView className='category-menu' scrollY>
        {sections.map(s => (
          <View key={s.id} id={`menu-${s.id}`} className={s.id === active ? 'category-entry category-entry-on' : 'category-entry'} onClick={() => goTo(s.id)}>{s.name}</View>
        ))}
      </ScrollView>
      <ScrollView className='category-shelves' scrollY scrollWithAnimation scrollIntoView={target} onScroll={e => follow(e.detail.scrollTop)}>
        {sections.map(s => (
          <View key={s.id} id={`section-${s.id}`} className='category-section'>
            <View className='category-line'>{s.line}</View>
            {s.groups.map(g => (
              <View key={g.id} className='category-group'>
                <View className='category-group-name'>{g.name}</View>
                {g.products.map(p => (
                  <View key={p.id} className='category-product' onClick={() => Taro.navigateTo({ url: `/pages/detail/index?id=${p.id}` })}>
                    <Image className='category-product-image' src={p.image} mode='aspectFill' lazyLoad />
                    <View className='category-product-words'>
                      <View className='category-product-name ellipsis'>{p.name}</View>
                      <View className='category-product-line ellipsis'>{p.tagline}</View>
                      <Price fen={p.priceFen} was={p.wasFen} />
                    </View>
                  </View>
                ))}
              </View>
            ))}
          </View>
        ))}
        <View className='category-foot' />
      </ScrollView>
    </View>
  )
}
