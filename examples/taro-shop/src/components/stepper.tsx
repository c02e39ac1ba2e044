import { Text, View } from '@tarojs/components'
import './stepper.css'

interface Props {
  value: number
  least?: number
  most: number
  onChange: (n: number) => void
}

export default function Stepper({ value, least = 1, most, onChange }: Props) {
  return (
    <View className='stepper' onClick={e => e.stopPropagation()}>
      <View className={value <= least ? 'stepper-key stepper-off' : 'stepper-key'} onClick={() => value > least && onChange(value - 1)}>−</View>
      <Text className='stepper-value'>{value}</Text>
      <View className={value >= most ? 'stepper-key stepper-off' : 'stepper-key'} onClick={() => value < most && onChange(value + 1)}>+</View>
    </View>
  )
}
