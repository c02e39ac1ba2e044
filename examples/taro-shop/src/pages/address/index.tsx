import { useState } from 'react'
import Taro, { useLoad } from '@tarojs/taro'
import { Button, Form, Input, Label, Picker, Radio, RadioGroup, Switch, Text, Textarea, View } from '@tarojs/components'
import { CallError, messageOf, sendAddress } from '../../shop/api'
import { columns } from '../../shop/regions'
import type { Address as Saved } from '../../shop/types'
import './index.css'

/** Back to where the visitor came from, or to the shop when the page was opened by a link. */
function leave() {
  const pages = Taro.getCurrentPages()
  if (!pages[pages.length - 1].route?.includes('pages/address')) return // gone already
  if (pages.length > 1) Taro.navigateBack()
  else Taro.switchTab({ url: '/pages/home/index' })
}

const labels = ['家', '公司', '学校']
const blank: Saved = { name: '', phone: '', region: [], detail: '', label: '家', default: true, note: '' }

export default function Address() {
  const [saved, setSaved] = useState<Saved>(blank)
  const [region, setRegion] = useState<string[]>([])
  const [wheel, setWheel] = useState(() => columns([0, 0, 0]))
  const [note, setNote] = useState('')
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const [sending, setSending] = useState(false)

  useLoad(() => {
    const kept: Saved | '' = Taro.getStorageSync('address')
    if (!kept) return
    setSaved(kept)
    setRegion(kept.region)
    setNote(kept.note)
  })

  /** What can be seen to be wrong without asking the server. */
  function check(a: Saved) {
    const w: Record<string, string> = {}
    if (!a.name) w.name = '请填写收货人'
    if (!/^1[3-9]\d{9}$/.test(a.phone)) w.phone = '手机号须为 11 位大陆号码'
    if (a.region.length !== 3) w.region = '请选择省、市、区'
    if (a.detail.length < 4) w.detail = '请把街道和门牌写完整'
    return w
  }

  async function submit(value: Record<string, any>) {
    const address: Saved = {
      name: String(value.name || '').trim(),
      phone: String(value.phone || '').replace(/\s/g, ''),
      region,
      detail: String(value.detail || '').trim(),
      label: value.label || labels[0],
      default: Boolean(value.default),
      note: String(value.note || '').trim()
    }
    const found = check(address)
    setWrong(found)
    const first = Object.keys(found)[0]
    if (first) {
      Taro.showToast({ title: found[first], icon: 'none' })
      return
    }
    setSending(true)
    try {
      const answer = await sendAddress(address)
      Taro.setStorageSync('address', answer)
      await Taro.showToast({ title: '已保存', icon: 'success', duration: 900 })
      setTimeout(leave, 900)
    } catch (e) {
      if (e instanceof CallError) setWrong(e.fields)
      Taro.showModal({ title: '没有保存成功', content: messageOf(e), showCancel: false })
    } finally {
      setSending(false)
    }
  }

  return (
    <Form className='address' onSubmit={e => submit(e.detail.value || {})} onReset={() => {
      setSaved({ ...blank })
      setRegion([])
      setNote('')
      setWrong({})
    }}>
      <View className='card'>
        <View className='cell'>
          <Text className='cell-name'>收货人</Text>
          <Input className='cell-value' name='name' value={saved.name} maxlength={20} placeholder='怎么称呼' />
        </View>
        {wrong.name ? <View className='cell-wrong'>{wrong.name}</View> : null}
        <View className='cell'>
          <Text className='cell-name'>手机号</Text>
          <Input className='cell-value' name='phone' type='number' value={saved.phone} maxlength={11} placeholder='11 位手机号' />
        </View>
        {wrong.phone ? <View className='cell-wrong'>{wrong.phone}</View> : null}
        <Picker mode='multiSelector' range={wheel.range} value={wheel.at}
          onColumnChange={e => {
            const at = wheel.at.slice()
            at[e.detail.column] = e.detail.value
            for (let i = e.detail.column + 1; i < 3; i++) at[i] = 0
            setWheel(columns(at))
          }}
          onChange={e => {
            const done = columns(e.detail.value)
            setWheel(done)
            setRegion(done.at.map((n, i) => done.range[i][n]))
          }}>
          <View className='cell' id='region'>
            <Text className='cell-name'>所在地区</Text>
            <Text className={region.length > 0 ? 'cell-value' : 'cell-value faint'}>{region.length > 0 ? region.join(' ') : '省、市、区'}</Text>
            <Text className='cell-more'>›</Text>
          </View>
        </Picker>
        {wrong.region ? <View className='cell-wrong'>{wrong.region}</View> : null}
        <View className='cell'>
          <Text className='cell-name'>详细地址</Text>
          <Input className='cell-value' name='detail' value={saved.detail} maxlength={120} placeholder='街道、楼栋、门牌' />
        </View>
        {wrong.detail ? <View className='cell-wrong'>{wrong.detail}</View> : null}
      </View>

      <View className='card address-block'>
        <View className='cell'>
          <Text className='cell-name'>标签</Text>
          <RadioGroup className='cell-value address-labels' name='label'>
            {labels.map(l => (
              <Label className='address-label' key={l}><Radio value={l} checked={l === saved.label} color='#1d1d1f' />{l}</Label>
            ))}
          </RadioGroup>
        </View>
        <View className='cell'>
          <Text className='cell-value'>设为默认地址</Text>
          <Switch name='default' checked={saved.default} color='#1d1d1f' />
        </View>
      </View>

      <View className='card address-block address-note'>
        <Textarea className='address-text' name='note' value={note} maxlength={100} placeholder='给快递员留句话，比如“放在门口的柜子里”' onInput={e => setNote(e.detail.value)} />
        <View className='address-count'>{note.length} / 100</View>
      </View>

      <View className='address-foot'>
        <Button className='solid-button' formType='submit' loading={sending} disabled={sending}>保存</Button>
        <Button className='line-button address-reset' formType='reset'>清空</Button>
      </View>
    </Form>
  )
}
