// A small part of the country, enough to try a picker of three columns that depend on each other.
const tree: Record<string, Record<string, string[]>> = {
  北京市: { 北京市: ['东城区', '西城区', '朝阳区', '海淀区', '丰台区', '通州区'] },
  上海市: { 上海市: ['黄浦区', '徐汇区', '静安区', '长宁区', '浦东新区'] },
  浙江省: {
    杭州市: ['上城区', '西湖区', '滨江区', '余杭区'],
    宁波市: ['海曙区', '江北区', '鄞州区'],
    绍兴市: ['越城区', '柯桥区', '上虞区']
  },
  江苏省: { 南京市: ['玄武区', '秦淮区', '鼓楼区'], 苏州市: ['姑苏区', '吴中区', '相城区'] },
  广东省: { 广州市: ['越秀区', '天河区', '海珠区'], 深圳市: ['福田区', '南山区', '罗湖区'], 佛山市: ['禅城区', '顺德区'] },
  四川省: { 成都市: ['锦江区', '青羊区', '武侯区'], 乐山市: ['市中区', '沙湾区'] }
}

/** The three columns for the three places of the wheel; a place past the end of its column counts as the first. */
export function columns(at: number[]): { range: string[][]; at: number[] } {
  const provinces = Object.keys(tree)
  const p = at[0] < provinces.length ? at[0] : 0
  const cities = Object.keys(tree[provinces[p]])
  const c = at[1] < cities.length ? at[1] : 0
  const districts = tree[provinces[p]][cities[c]]
  const d = at[2] < districts.length ? at[2] : 0
  return { range: [provinces, cities, districts], at: [p, c, d] }
}
