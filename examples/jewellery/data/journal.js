// Articles are lists of blocks; each block names the template that sets it.
export const journal = [
  { kind: 'lead', title: '把光留住', text: '砚光的名字来自砚台。墨磨好以后，水面上会有一小块光，很安静，也很准。' },
  { kind: 'figure', src: '/art/cover-hands.svg', ratio: 'wide', caption: '工作台的一角：素圈、三潮，和两把用旧的刻刀' },
  { kind: 'words', title: '从一根金线开始', lines: ['金料先退火，再拉成线。', '线绕成圈，接口对齐，焊一次，磨平，再看不见接口在哪里。', '这些事情没有捷径，做得慢，反而快。'] },
  { kind: 'quote', text: '一件首饰最好的状态，是你忘了戴着它，别人却记得。', from: '工作台上的一张便条' },
  { kind: 'figure', src: '/art/cover-pair.svg', ratio: 'wide', caption: '成对的戒指不必一样，量的是两个人的手' },
  { kind: 'table', title: '几种金属', head: ['', '颜色', '会变吗'], rows: [['18K 黄金', '暖黄', '久戴更柔和'], ['18K 玫瑰金', '淡红', '略微变深'], ['铂 950', '银白', '几乎不变']] },
  { kind: 'words', title: '刻字', lines: ['我们用手刻，也用机器刻。', '手刻的笔画有粗有细，机器刻的每一个都一样。', '选哪一种，看你想让它像一封信，还是像一枚印。'] }
]

export const stores = [
  { id: 'hushan', name: '湖山店', place: '杭州 · 北山街', hours: '10:00 – 20:00' },
  { id: 'wutong', name: '梧桐店', place: '上海 · 武康路', hours: '10:00 – 21:00' },
  { id: 'hutong', name: '胡同店', place: '北京 · 五道营', hours: '11:00 – 20:00' }
]
