// SHOP_OUT builds somewhere else than dist; the tests use it to compare a fresh build with the committed one.
const out = process.env.SHOP_OUT || 'dist'

module.exports = {
  projectName: 'minimart-taro-shop',
  date: '2026-11-22',
  designWidth: 750,
  deviceRatio: { 640: 2.34 / 2, 750: 1, 375: 2, 828: 1.81 / 2 },
  sourceRoot: 'src',
  outputRoot: out,
  plugins: ['@tarojs/plugin-platform-jd'],
  defineConstants: {},
  copy: {
    patterns: ['p', 'banner', 'channel', 'ui'].map(dir => ({ from: `src/assets/${dir}/`, to: `${out}/assets/${dir}/` })),
    options: {}
  },
  framework: 'react',
  compiler: { type: 'webpack5', prebundle: { enable: false } },
  cache: { enable: false },
  mini: {
    postcss: { pxtransform: { enable: true, config: {} }, cssModules: { enable: false } }
  }
}
