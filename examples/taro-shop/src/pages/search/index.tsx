import { useRef, useState } from 'react'
import Taro, { useLoad, useReachBottom } from '@tarojs/taro'
import { Image, Input, Picker, Text, View } from '@tarojs/components'
import Notice from '../../components/notice'
import ProductCard from '../../components/product-card'
import { fetchProducts, messageOf } from '../../shop/api'
import type { Page } from '../../shop/types'
import './index.css'

const sorts = [
  { name: '推荐顺序', sort: '' },
  { name: '价格从低到高', sort: 'price-up' },
  { name: '价格从高到低', sort: 'price-down' }
]

export default function Search() {
  const [text, setText] = useState('')
  const [past, setPast] = useState<string[]>([])
  const [sort, setSort] = useState(0)
  const [found, setFound] = useState<Page | null>(null)
  const [failure, setFailure] = useState('')
  const asked = useRef({ q: '', turn: 0 }) // an answer to an older question is dropped

  useLoad(() => {
    const kept = Taro.getStorageSync('searches')
    setPast(Array.isArray(kept) ? kept : [])
  })

  async function look(words: string, by: number) {
    const q = words.trim()
    setText(words)
    setSort(by)
    const turn = ++asked.current.turn
    asked.current.q = q
    if (!q) {
      setFound(null)
      return
    }
    setFailure('')
    const next = [q, ...past.filter(p => p !== q)].slice(0, 8)
    setPast(next)
    Taro.setStorageSync('searches', next)
    try {
      const page = await fetchProducts({ q, sort: sorts[by].sort })
      if (turn === asked.current.turn) setFound(page)
    } catch (e) {
      if (turn === asked.current.turn) setFailure(messageOf(e))
    }
  }

  useReachBottom(async () => {
    if (!found || !found.next) return
    const turn = ++asked.current.turn
    try {
      const page = await fetchProducts({ q: asked.current.q, sort: sorts[sort].sort, cursor: found.next })
      if (turn === asked.current.turn) setFound({ ...page, items: found.items.concat(page.items) })
    } catch (e) {
      Taro.showToast({ title: messageOf(e), icon: 'none' })
    }
  })

  function type(value: string) {
    setText(value)
    if (value === '') look('', sort)
  }

  return (
    <View className='search'>
      <View className='search-bar'>
        <Image className='search-icon' src='/assets/ui/search.svg' />
        <Input className='search-input' value={text} focus maxlength={40} placeholder='想找点什么' confirmType='search'
          onInput={e => type(e.detail.value)} onConfirm={e => look(e.detail.value, sort)} />
        <Text className='search-go' id='go' onClick={() => look(text, sort)}>搜索</Text>
      </View>

      {failure ? <Notice title='没有搜出来' line={failure} action='再试一次' onAction={() => look(text, sort)} /> : null}

      {!failure && !found ? (
        <View className='search-past'>
          <View className='search-past-head'>
            <Text className='search-past-title'>{past.length > 0 ? '最近搜过' : '试试这些'}</Text>
            {past.length > 0 ? <Text className='faint' id='forget' onClick={() => { setPast([]); Taro.removeStorageSync('searches') }}>清空</Text> : null}
          </View>
          <View className='search-words'>
            {(past.length > 0 ? past : ['奶白', '壶', '保温杯', '钢笔']).map(p => (
              <Text className='search-word' key={p} onClick={() => look(p, sort)}>{p}</Text>
            ))}
          </View>
        </View>
      ) : null}

      {!failure && found ? (
        <View>
          <View className='search-head'>
            <Text className='faint'>找到 {found.total} 件</Text>
            <Picker mode='selector' range={sorts} rangeKey='name' value={sort} onChange={e => look(text, Number(e.detail.value))}>
              <Text>{sorts[sort].name} ▾</Text>
            </Picker>
          </View>
          {found.total === 0
            ? <Notice title='没有找到相关的商品' line='换个说法再试试，比如颜色或用途' />
            : <View className='search-list'>{found.items.map(c => <ProductCard key={c.id} card={c} />)}</View>}
        </View>
      ) : null}
    </View>
  )
}
