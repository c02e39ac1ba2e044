const evil = 'COLLECTOR'
Page({
  data: {
    evil, key: 'constructor', text: 'secret', list: [1], end: '',
    style: 'color: red; background: url(' + evil + '/injected); background-image: image-set("' + evil + '/set" 1x)',
    css: 'x: y; } * { background: url(' + evil + '/closed) } @import "' + evil + '/imported";',
    markup: '"><img src="' + evil + '/markup" onerror="window.ran = 1"><script>window.ran = 2</script>',
    html: '<p onclick="window.ran = 3">text</p><script>window.ran = 4</script><script src="' + evil + '/script"></script>' +
      '<img src="' + evil + '/img" onerror="window.ran = 5"><img src=x onerror="window.ran = 6"><img srcset="' + evil + '/srcset 1x">' +
      '<iframe src="' + evil + '/iframe"></iframe><iframe srcdoc="<script>parent.ran = 7</script>"></iframe><object data="' + evil + '/object"></object><embed src="' + evil + '/embed">' +
      '<a href="javascript:window.ran = 8">link</a><svg onload="window.ran = 9"><image href="' + evil + '/svg"/><use href="' + evil + '/use#x"/></svg><math><mtext></mtext></math>' +
      '<link rel="stylesheet" href="' + evil + '/sheet"><link rel="prefetch" href="' + evil + '/prefetch"><link rel="dns-prefetch" href="' + evil + '"><base href="' + evil + '/base/"><meta http-equiv="refresh" content="0;url=' + evil + '/refresh">' +
      '<style>@import "' + evil + '/style"; * { background: url(' + evil + '/style2) }</style><form action="' + evil + '/form"><input name="x" autofocus onfocus="window.ran = 10"></form>' +
      '<video poster="' + evil + '/poster2" src="' + evil + '/video2"></video><audio src="' + evil + '/audio2"></audio><div style="background: url(' + evil + '/div)">d</div>' +
      '<table background="' + evil + '/table"><tr><td background="' + evil + '/cell">c</td></tr></table><body onload="window.ran = 11" background="' + evil + '/body"><noscript><p title="</noscript><img src=x onerror=window.ran=12>"></noscript>',
    nodes: [
      { name: 'script', children: [{ type: 'text', text: 'window.ran = 13' }] },
      { name: 'img', attrs: { src: evil + '/node', onerror: 'window.ran = 14', srcset: evil + '/node-set' } },
      { name: 'a', attrs: { href: 'javascript:window.ran = 15', ping: evil + '/ping' }, children: [{ type: 'text', text: 'a' }] },
      { name: 'iframe', attrs: { src: evil + '/node-frame', srcdoc: '<script>parent.ran = 16</script>' } },
      { name: 'IMG', attrs: { SRC: evil + '/node-upper', ONERROR: 'window.ran = 17' } },
      { name: 'svg', attrs: { onload: 'window.ran = 18' } }, { name: '__proto__', attrs: { x: 1 } }, { name: { toString: 1 } }, { name: 'div', attrs: { style: 'background: url(' + evil + '/node-style)', class: 'x', __proto__: { onclick: 'window.ran = 19' } } },
      null, 7, 'text', { type: 'text', text: { a: 1 } },
    ],
  },
  onReady() {
    if (jd.loadFontFace) jd.loadFontFace({ family: 'x', source: 'url("' + evil + '/load-font")', complete() { } })
    if (jd.setBackgroundColor) jd.setBackgroundColor({ backgroundColor: 'url(' + evil + '/set-background)', complete() { } })
    if (this.animate) this.animate('.leak', [{ backgroundImage: 'none' }, { backgroundImage: 'url(' + evil + '/animated)', offset: 1 }], 100)
    setTimeout(() => this.setData({ end: 'done' }), 500)
  },
})
