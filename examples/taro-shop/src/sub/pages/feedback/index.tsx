import { useState } from 'react'
import Taro, { useLoad } from '@tarojs/taro'
import { Button, Checkbox, CheckboxGroup, Form, Input, Label, Slider, Text, Textarea, View } from '@tarojs/components'
import { CallError, messageOf, sendFeedback } from '../../../shop/api'
import './index.css'

const topics = ['商品', '包装', '物流', '客服', '小程序']

export default function Feedback() {
  const [about, setAbout] = useState('')
  const [score, setScore] = useState(8)
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [sending, setSending] = useState(false)

  useLoad(query => setAbout(query.about ? decodeURIComponent(query.about) : ''))

  async function submit(value: Record<string, any>) {
    setSending(true)
    setWrong({})
    Taro.showLoading({ title: '正在提交', mask: true })
    try {
      const text = String(value.content || '').trim()
      const receipt = await sendFeedback({
        topics: value.topics || [],
        score,
        content: about && text ? `【${about}】${text}` : text,
        phone: String(value.phone || '')
      })
      Taro.hideLoading()
      await Taro.showModal({ title: '收到了，谢谢', content: `回执号 ${receipt.id}`, showCancel: false })
      if (Taro.getCurrentPages().length > 1) Taro.navigateBack()
      else Taro.switchTab({ url: '/pages/home/index' })
    } catch (e) {
      Taro.hideLoading()
      if (e instanceof CallError) setWrong(e.fields)
      Taro.showToast({ title: messageOf(e), icon: 'none' })
    } finally {
      setSending(false)
    }
  }

  return (
    <Form className='feedback' onSubmit={e => submit(e.detail.value || {})}>
      {about ? <View className='feedback-about'>关于「{about}」</View> : null}
      <View className='card feedback-block'>
        <View className='feedback-name'>想说哪一方面</View>
        <CheckboxGroup className='feedback-topics' name='topics'>
          {topics.map(t => (
            <Label className='feedback-topic' key={t}><Checkbox value={t} checked={about !== '' && t === '商品'} color='#1d1d1f' />{t}</Label>
          ))}
        </CheckboxGroup>
        {wrong.topics ? <View className='feedback-wrong'>{wrong.topics}</View> : null}
      </View>
      <View className='card feedback-block'>
        <View className='feedback-score'><Text className='feedback-name'>愿意推荐给朋友吗</Text><Text className='feedback-number'>{score}</Text></View>
        <Slider name='score' min={0} max={10} step={1} value={score} activeColor='#1d1d1f' backgroundColor='#ececef' blockSize={22} onChange={e => setScore(e.detail.value)} onChanging={e => setScore(e.detail.value)} />
        <View className='feedback-ends'><Text>不太会</Text><Text>一定会</Text></View>
      </View>
      <View className='card feedback-block'>
        <View className='feedback-name'>慢慢说</View>
        <Textarea className='feedback-text' name='content' maxlength={480} placeholder='哪里好，哪里不好，都可以写' />
        {wrong.content ? <View className='feedback-wrong'>{wrong.content}</View> : null}
      </View>
      <View className='card'>
        <View className='cell'>
          <Text className='cell-name'>手机号</Text>
          <Input className='cell-value' name='phone' type='number' maxlength={11} placeholder='想要回音就留一个，可不填' />
        </View>
        {wrong.phone ? <View className='cell-wrong'>{wrong.phone}</View> : null}
      </View>
      <Button className='solid-button feedback-send' formType='submit' loading={sending} disabled={sending}>提交</Button>
    </Form>
  )
}
