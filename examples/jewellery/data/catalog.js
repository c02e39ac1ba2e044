// The whole collection. A shop of its own would ask its server; this one fits into a module. Prices are in fen.
const metalNames = { gold: '18K 黄金', rose: '18K 玫瑰金', platinum: '铂 950' }

const kinds = [
  { id: 'ring', name: '戒指', line: '环，没有起点' },
  { id: 'necklace', name: '项链', line: '落在锁骨之间' },
  { id: 'earring', name: '耳饰', line: '转头时的一点光' },
  { id: 'bracelet', name: '手镯', line: '腕上的弧' }
]

const pieces = [
  piece('first-light', 'ring-solitaire', '初光', '一颗主石，六爪托起', 1280000, 'gold rose platinum', 8,
    '清晨第一束光落在砚台边上，只有一点，却很亮。这枚戒指把底座收到最低，让石头贴近手指。',
    [['主石', '圆形明亮式切割，直径约 5.0 毫米'], ['戒臂', '宽 1.9 毫米，内弧'], ['重量', '约 2.8 克']]),
  piece('annual-ring', 'ring-band', '年轮', '素圈，六毫米宽，可刻字', 560000, 'gold rose platinum', 14,
    '没有石头，也没有花纹。戴得久了，表面会有细细的痕，那是它自己的年轮。',
    [['宽度', '6.0 毫米'], ['厚度', '1.7 毫米，内弧'], ['重量', '约 6.2 克']]),
  piece('moss', 'ring-halo', '苔痕', '绿色主石，一圈碎光', 1680000, 'platinum rose', 0,
    '雨后石阶上的颜色。中间一颗绿色宝石，四周二十粒小石头，像水珠。',
    [['主石', '绿色蓝宝石，直径约 6.0 毫米'], ['配石', '二十八粒'], ['戒臂', '宽 1.8 毫米']]),
  piece('three-tides', 'ring-trio', '三潮', '三只细圈，可以分开戴', 720000, 'gold rose', 0,
    '三只细圈彼此套住，走动时会轻轻碰在一起。想安静的时候，只戴一只。',
    [['圈数', '三只，各宽 1.3 毫米'], ['配石', '各一粒'], ['重量', '共约 4.1 克']]),
  piece('dew', 'necklace-drop', '垂露', '一滴绿，悬在锁骨下', 980000, 'gold platinum', 0,
    '书法里，竖画收笔时停住不走，叫作垂露。链子到那里也停住，只留一滴。',
    [['坠', '高 15 毫米，绿色碧玺'], ['链', '40 厘米，可收至 38 厘米'], ['扣', '弹簧扣']]),
  piece('one-line', 'necklace-bar', '一画', '一横，刚好刻下一个名字', 420000, 'gold rose platinum', 12,
    '一画是最短的一句话。刻一个名字、一个日子，或者什么都不刻。',
    [['横条', '22 × 4 毫米，厚 1.4 毫米'], ['链', '42 厘米，可收至 40 厘米'], ['扣', '龙虾扣']]),
  piece('moon-tide', 'necklace-pearl', '汐', '由大到小的一串珍珠', 860000, 'gold', 0,
    '珍珠从中间往两边慢慢变小，像潮水退下去的样子。',
    [['珍珠', '淡水珍珠，5 至 8 毫米'], ['长度', '43 厘米'], ['扣', '18K 黄金球扣']]),
  piece('small-sun', 'necklace-coin', '小太阳', '一枚圆牌，背面可刻字', 520000, 'gold rose', 10,
    '正面二十四道光，长短相间；背面留白，可以写一句话。',
    [['圆牌', '直径 16 毫米，厚 1.2 毫米'], ['配石', '一粒，直径约 2.5 毫米'], ['链', '45 厘米']]),
  piece('two-stars', 'earring-stud', '双星', '一对耳钉，每天都能戴', 380000, 'platinum gold', 0,
    '四爪，低托，侧面看很薄。睡觉时也可以不摘，不过还是建议摘下来。',
    [['主石', '各一粒，直径约 4.0 毫米'], ['耳针', '直径 0.8 毫米，蝴蝶扣'], ['重量', '一对约 1.6 克']]),
  piece('rain-bead', 'earring-drop', '雨珠', '细链下垂着一颗珍珠', 460000, 'gold rose', 0,
    '走路的时候，珍珠会比你慢半拍。',
    [['珍珠', 'Akoya 珍珠，7 毫米'], ['长度', '约 38 毫米'], ['耳钩', '18K 金，附耳堵']]),
  piece('still-water', 'earring-hoop', '静水', '椭圆耳环，轻而薄', 340000, 'gold rose platinum', 0,
    '空心管材，看着有分量，戴着很轻。',
    [['尺寸', '26 × 18 毫米'], ['管径', '2.6 毫米'], ['重量', '一对约 3.0 克']]),
  piece('river-bend', 'bracelet-bangle', '河湾', '开口手镯，内侧可刻字', 890000, 'gold rose platinum', 18,
    '河流转弯的地方，水最慢。三粒石头沉在最下面那一段。',
    [['宽度', '8.0 毫米'], ['内径', '58 × 48 毫米'], ['配石', '三粒']])
]

function piece(id, art, name, line, price, metals, letters, story, facts) {
  return {
    id, art, name, line, price, story, letters,
    kind: art.split('-')[0],
    metals: metals.split(' '),
    facts: facts.map(f => ({ name: f[0], value: f[1] }))
  }
}

/** The picture of a piece, in the wished metal if it is made in that. */
function picture(p, metal) {
  return `/art/${p.art}-${p.metals.includes(metal) ? metal : p.metals[0]}.svg`
}

const find = id => pieces.find(p => p.id === id)

/** Pieces of the same kind, and then others, without the piece itself. */
function beside(p, most) {
  const others = pieces.filter(o => o.id !== p.id)
  return others.filter(o => o.kind === p.kind).concat(others.filter(o => o.kind !== p.kind)).slice(0, most)
}

module.exports = { metalNames, kinds, pieces, picture, find, beside }
