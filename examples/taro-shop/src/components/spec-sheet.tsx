import { useState } from 'react'
import { Button, Image, Text, View } from '@tarojs/components'
import Price from './price'
import Stepper from './stepper'
import type { Product } from '../shop/types'
import './spec-sheet.css'

export interface Choice { finish: number; option: number; count: number }

interface Props {
  product: Product
  choice: Choice
  open: boolean
  action: string
  onChange: (c: Choice) => void
  onClose: () => void
  onConfirm: () => void
}

/** The sheet that slides up to choose colour, specification and quantity. It stays mounted, so that it can slide. */
export default function SpecSheet({ product, choice, open, action, onChange, onClose, onConfirm }: Props) {
  const [seen, setSeen] = useState(false)
  if (open && !seen) setSeen(true) // the sheet's pictures load when it is first wanted
  if (!seen) return null
  const option = product.spec.options[choice.option]
  return (
    <View className={open ? 'sheet sheet-open' : 'sheet'} catchMove>
      <View className='sheet-shade' onClick={onClose} />
      <View className='sheet-panel'>
        <View className='sheet-head'>
          <Image className='sheet-image' src={product.palette[choice.finish].image} mode='aspectFill' />
          <View className='sheet-words'>
            <Price fen={product.priceFen + option.addFen} large />
            <View className='sheet-stock'>{option.stock > 0 ? `库存 ${option.stock} 件` : '暂时缺货'}</View>
          </View>
          <View className='sheet-close' onClick={onClose}><Image className='sheet-close-icon' src='/assets/ui/close.svg' /></View>
        </View>
        <View className='sheet-name'>颜色</View>
        <View className='sheet-options'>
          {product.palette.map((c, i) => (
            <View key={c.id} id={`finish-${c.id}`} className={i === choice.finish ? 'sheet-option sheet-option-on' : 'sheet-option'} onClick={() => onChange({ ...choice, finish: i })}>{c.name}</View>
          ))}
        </View>
        <View className='sheet-name'>{product.spec.name}</View>
        <View className='sheet-options'>
          {product.spec.options.map((o, i) => {
            const state = o.stock === 0 ? ' sheet-option-off' : i === choice.option ? ' sheet-option-on' : ''
            return (
              <View key={o.name} id={`option-${i}`} className={`sheet-option${state}`} onClick={() => {
                if (o.stock > 0) onChange({ ...choice, option: i, count: Math.min(choice.count, o.stock) })
              }}>{o.name}</View>
            )
          })}
        </View>
        <View className='sheet-count'>
          <Text className='sheet-count-name'>数量</Text>
          <Stepper value={choice.count} most={Math.max(1, option.stock)} onChange={count => onChange({ ...choice, count })} />
        </View>
        <Button className='solid-button sheet-confirm' disabled={option.stock === 0} onClick={onConfirm}>{action}</Button>
      </View>
    </View>
  )
}
