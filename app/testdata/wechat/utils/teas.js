export const teas = [
  { id: 'longjing', name: '龙井', fen: 9900, stock: 3, kind: 'green' },
  { id: 'puer', name: '普洱', fen: 12850, stock: 0, kind: 'dark' },
  { id: 'tieguanyin', name: '铁观音', fen: 8800, stock: 12, kind: 'oolong' },
]
