import { Text, View } from '@tarojs/components'
import { yuan } from '../shop/money'
import './price.css'

export default function Price({ fen, was, large }: { fen: number; was?: number; large?: boolean }) {
  return (
    <View className={large ? 'price price-large' : 'price'}>
      <Text className='price-sign'>¥</Text>
      <Text className='price-number'>{yuan(fen)}</Text>
      {was ? <Text className='price-was'>¥{yuan(was)}</Text> : null}
    </View>
  )
}
