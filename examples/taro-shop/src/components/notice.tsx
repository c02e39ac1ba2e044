import { Button, Image, View } from '@tarojs/components'
import './notice.css'

/** What a page shows in place of its content: nothing here yet, or something went wrong. */
export default function Notice({ title, line, action, onAction }: { title: string; line?: string; action?: string; onAction?: () => void }) {
  return (
    <View className='notice'>
      <Image className='notice-icon' src='/assets/ui/empty.svg' />
      <View className='notice-title'>{title}</View>
      {line ? <View className='notice-line'>{line}</View> : null}
      {action ? <Button className='line-button notice-action' onClick={onAction}>{action}</Button> : null}
    </View>
  )
}
