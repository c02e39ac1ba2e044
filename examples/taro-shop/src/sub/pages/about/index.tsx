import { useState } from 'react'
import Taro, { useReady } from '@tarojs/taro'
import { Image, Navigator, RichText, RichTextProps, Text, View } from '@tarojs/components'
import './index.css'

const nodes: RichTextProps['nodes'] = [
  { type: 'node', name: 'h3', attrs: { style: 'font-size:18px;font-weight:600;margin-bottom:10px' }, children: [{ type: 'text', text: '一间不大的店' }] },
  {
    type: 'node',
    name: 'p',
    attrs: { style: 'line-height:1.9;color:#6e6e73' },
    children: [
      { type: 'text', text: '这里只放二十四样东西：喝水的、照明的、写字的、出门用的。每一样都画成了图，' },
      { type: 'node', name: 'strong', attrs: { style: 'color:#1d1d1f' }, children: [{ type: 'text', text: '不收款，也不发货' }] },
      { type: 'text', text: '。它是一个样例，用来说明一个 Taro 小程序在小集上从首页走到购物车的样子。' }
    ]
  }
]

const licence = `<p style="line-height:1.9;color:#6e6e73">源代码按 <b style="color:#1d1d1f">Apache-2.0</b> 授权。你可以：</p>
<ul style="padding-left:20px;line-height:2;color:#6e6e73"><li>拿去改成自己的店</li><li>换掉图片和文字</li><li>接上真正的服务端</li></ul>`

export default function About() {
  const [screen, setScreen] = useState('')
  const [height, setHeight] = useState(0)

  useReady(() => {
    const s = Taro.getSystemInfoSync()
    setScreen(`${s.windowWidth} × ${s.windowHeight}，${s.pixelRatio} 倍`)
    Taro.createSelectorQuery().select('#about').boundingClientRect(r => {
      if (r && !Array.isArray(r)) setHeight(Math.round(r.height))
    }).exec()
  })

  return (
    <View className='about' id='about'>
      <View className='about-art'>
        {['mug-cream', 'lamp-clay', 'pen-ink', 'backpack-mist'].map(p => <Image className='about-image' key={p} src={`/assets/p/${p}.svg`} />)}
      </View>
      <View className='card about-block'><RichText nodes={nodes} /></View>
      <View className='card about-block'><RichText nodes={licence} space='nbsp' /></View>
      <View className='card'>
        <View className='cell'><Text className='cell-name soft'>窗口</Text><Text className='cell-value'>{screen}</Text></View>
        <View className='cell'><Text className='cell-name soft'>本页高</Text><Text className='cell-value'>{height}</Text></View>
        <Navigator className='cell' openType='redirect' url='/sub/pages/feedback/index'>
          <Text className='cell-value'>有话想说</Text>
          <Text className='cell-more'>›</Text>
        </Navigator>
      </View>
    </View>
  )
}
