// The live map. Python makes the drawing in Bokeh and calls startMap with its parts; what it returns is all that a page
// around the map may use. `parts` holds Bokeh's models:
//   plot, points (columns x, y, title, about, genre, key), near (rows of the nearest, K for each point), rings, lines,
//   names, kept (which genres are shown), wheel, and the glyphs marks, strokes, circles, words;
// and two plain values: first (rows marked from the beginning) and dims (how many numbers a vector has).

function startMap(parts) {
  const {plot, points, near, rings, lines, names, kept, wheel, marks, strokes, circles, words, first, dims} = parts
  const byId = id => document.getElementById(id)
  const data = points.data
  const n = data.x.length
  const all = Array.from({length: n}, (_, i) => i)
  const K = near.data.near.length / n
  const X = plot.x_range
  const Y = plot.y_range
  const [lowest, highest] = extent(data.y)
  const span = Math.max(highest - lowest, 1e-9)
  const hidden = new Set() // genres switched off
  let bold = first // rows whose names come first
  let chosen = -1 // the row that is lit up

  function extent(values) {
    let least = Infinity
    let most = -Infinity
    for (const value of values) {
      least = Math.min(least, value)
      most = Math.max(most, value)
    }
    return [least, most]
  }

  function nearest(i) { return Array.from(near.data.near.slice(i*K, i*K + K)) }
  function isShown(i) { return !hidden.has(data.genre[i]) }

  // ---- the view ----

  // Move the ranges so that they hold `rows`, both axes on one scale.
  function view(rows, least) {
    const [x0, x1] = extent(rows.map(i => data.x[i]))
    const [y0, y1] = extent(rows.map(i => data.y[i]))
    const ratio = (plot.inner_width || 3) / (plot.inner_height || 2)
    const half = Math.max(y1 - y0, (x1 - x0)/ratio, least) * .58
    const x = (x0 + x1)/2
    const y = (y0 + y1)/2
    X.setv({start: x - half*ratio, end: x + half*ratio})
    Y.setv({start: y - half, end: y + half})
  }

  // Move by shares of the window; `by` below 1 comes nearer.
  function move(dx, dy, by) {
    const w = X.end - X.start
    const h = Y.end - Y.start
    const x = (X.start + X.end)/2 + dx*w
    const y = (Y.start + Y.end)/2 + dy*h
    X.setv({start: x - w*by/2, end: x + w*by/2})
    Y.setv({start: y - h*by/2, end: y + h*by/2})
  }

  // ---- names, where there is room ----

  const pen = document.createElement('canvas').getContext('2d')
  const widths = {}

  function shorten(title) { return title.length > 40 ? title.slice(0, 39) + '…' : title }

  function widthOf(title, isBold) {
    pen.font = (isBold ? 'bold ' : '') + '12px sans-serif'
    return widths[isBold + title] ??= pen.measureText(title).width
  }

  // The place of a name beside its mark at (px, py): right, else left, else none.
  function placeName(px, py, long, boxes, w) {
    const right = {align: 'left', box: [px - 4, py - 8, px + long, py + 8]}
    const left = {align: 'right', box: [px - long, py - 8, px + 4, py + 8]}
    return [right, left].find(({box}) => box[0] >= 0 && box[2] <= w
      && !boxes.some(other => other[0] < box[2] && other[2] > box[0] && other[1] < box[3] && other[3] > box[1]))
  }

  // Write names, the bold ones first, then by popularity.
  function writeNames() {
    const w = plot.inner_width
    const h = plot.inner_height
    const boxes = []
    const out = {x: [], y: [], title: [], style: [], off: [], align: []}
    const strong = new Set(bold)
    let tried = 0
    for (const i of [...bold, ...(chosen < 0 ? all : [])]) {
      const isBold = strong.has(i)
      const px = (data.x[i] - X.start)*w/(X.end - X.start)
      const py = (data.y[i] - Y.start)*h/(Y.end - Y.start)
      const isInside = px >= 0 && py >= 0 && px <= w && py <= h
      if (!isInside || !(isBold ? boxes.length < strong.size : isShown(i))) continue
      const title = shorten(data.title[i])
      const gap = isBold ? 13 : 8
      const place = placeName(px, py, gap + 4 + widthOf(title, isBold), boxes, w)
      if (place) {
        boxes.push(place.box)
        const off = place.align == 'left' ? gap : -gap
        const row = {x: data.x[i], y: data.y[i], title, style: isBold ? 'bold' : 'normal', off, align: place.align}
        for (const column in out) out[column].push(row[column])
      }
      if (boxes.length >= 120 || ++tried > 3000) break
    }
    names.data = out
  }

  // Names move along with the map; which of them fit is worked out when it rests.
  let namesTimer = 0
  function writeNamesSoon() {
    clearTimeout(namesTimer)
    namesTimer = setTimeout(writeNames, 60)
  }

  // ---- what is lit up ----

  function ring(rows) {
    rings.data = {x: rows.map(i => data.x[i]), y: rows.map(i => data.y[i]), genre: rows.map(i => data.genre[i])}
  }

  function dim(on) { for (const alpha of ['fill_alpha', 'line_alpha']) marks.glyph[alpha] = on ? .13 : 1 }

  // An entry of a list: a button that lights up its album.
  function button(i) {
    const item = document.createElement('li')
    const title = document.createElement('button')
    title.textContent = data.title[i]
    title.type = 'button'
    title.onclick = () => {
      light(i)
      byId('map').scrollIntoView({block: 'nearest'})
    }
    item.append(title)
    if (data.about[i]) {
      const about = document.createElement('small')
      about.textContent = ' ' + data.about[i]
      item.append(about)
    }
    return item
  }

  function clear() {
    chosen = -1
    bold = first
    byId('one').hidden = true
    byId('hint').hidden = false
    dim(false)
    ring(first)
    lines.data = {x0: [], y0: [], x1: [], y1: []}
    writeNamesSoon()
  }

  // Ring and name some rows, and let the others fade.
  function mark(rows) {
    clear()
    bold = rows
    ring(rows)
    dim(true)
  }

  // The nearest on the plane, as many as are lit up.
  function nearestOnPlane(i) {
    const far = j => (data.x[j] - data.x[i])**2 + (data.y[j] - data.y[i])**2
    return all.filter(j => j != i).sort((a, b) => far(a) - far(b)).slice(0, K)
  }

  // Light up what is nearest in the full space, and say how much of that the plane keeps.
  function light(i, moves = true) {
    const to = nearest(i)
    const plane = new Set(nearestOnPlane(i))
    const both = to.filter(j => plane.has(j)).length
    chosen = i
    bold = [i, ...to]
    dim(true)
    ring(bold)
    lines.data = {x0: to.map(() => data.x[i]), y0: to.map(() => data.y[i]),
                  x1: to.map(j => data.x[j]), y1: to.map(j => data.y[j])}
    byId('one').hidden = false
    byId('hint').hidden = true
    byId('name').textContent = data.title[i]
    byId('about').textContent = data.about[i]
    byId('near').replaceChildren(...to.map(button))
    byId('why').textContent = `The ${to.length} most like it by the cosine of all ${dims} numbers of their vectors. `
      + `On the map, which keeps two directions of them, ${both} of these are among its ${to.length} nearest: `
      + 'a flat map cannot keep every distance.'
    if (moves) view(bold, span/6)
    writeNamesSoon()
  }

  // ---- search: what is typed is folded as Python folded the titles ----

  const letters = {'æ': 'ae', 'ø': 'o', 'œ': 'oe', 'ł': 'l', 'đ': 'd', 'þ': 'th', 'ð': 'd', 'ß': 'ss'}

  function fold(text) {
    return text.toLowerCase().replace(/[æøœłđþðß]/g, letter => letters[letter]).normalize('NFKD')
      .replace(/\p{M}/gu, '').trim()
  }

  // Rows that have all the words, in any order.
  function find(text) {
    const typed = fold(text).split(/\s+/).filter(Boolean)
    return typed.length ? all.filter(i => typed.every(word => data.key[i].includes(word))) : []
  }

  function search() {
    const text = byId('query').value.trim()
    const hits = find(text)
    const some = hits.slice(0, 100)
    const found = hits.length ? `${hits.length} found` + (hits.length > 12 ? ', the 12 most bought:' : ':') : 'nothing found'
    byId('found').textContent = text ? found : ''
    byId('hits').replaceChildren(...hits.slice(0, 12).map(button))
    clear()
    if (hits.length) {
      bold = some
      ring(some)
      view(some, span/5)
    }
    if (!text) view(all, 1e-9)
  }

  let searchTimer = 0
  byId('query').oninput = () => {
    clearTimeout(searchTimer)
    searchTimer = setTimeout(search, 200)
  }
  byId('query').onkeydown = event => {
    if (event.key != 'Enter') return
    search()
    byId('hits').querySelector('button')?.click()
  }

  // ---- buttons and keys ----

  byId('all').onclick = () => {
    byId('query').value = ''
    search()
  }
  byId('in').onclick = () => move(0, 0, .7)
  byId('out').onclick = () => move(0, 0, 1/.7)
  const keys = {ArrowLeft: [-.15, 0, 1], ArrowRight: [.15, 0, 1], ArrowUp: [0, .15, 1], ArrowDown: [0, -.15, 1],
                '+': [0, 0, .7], '=': [0, 0, .7], '-': [0, 0, 1/.7]}
  byId('map').onkeydown = event => {
    if (keys[event.key]) {
      move(...keys[event.key])
      event.preventDefault()
    }
    if (event.key == 'Escape') byId('all').click()
  }

  // ---- pointer and finger: a press that doesn't move is a click; one that does is a pan, which Bokeh sees to ----

  // The nearest mark within ten pixels of a pointer, twenty of a finger.
  function markAt(event) {
    const box = byId('map').getBoundingClientRect()
    const w = plot.inner_width/(X.end - X.start)
    const h = plot.inner_height/(Y.end - Y.start)
    const x = X.start + (event.clientX - box.left)/w
    const y = Y.end - (event.clientY - box.top)/h
    let best = event.pointerType == 'touch' ? 400 : 100
    let found = -1
    for (const i of all) {
      const far = ((data.x[i] - x)*w)**2 + ((data.y[i] - y)*h)**2
      if (far < best && isShown(i)) {
        best = far
        found = i
      }
    }
    return found
  }

  let pressedAt = [0, 0]
  let lastTip = -1

  function fillTip(tip, i) {
    const [title, about, like] = ['b', 'div', 'small'].map(tag => document.createElement(tag))
    title.textContent = data.title[i]
    about.textContent = data.about[i]
    like.textContent = 'Most like it: ' + nearest(i).slice(0, 5).map(j => data.title[j]).join(', ')
    tip.replaceChildren(title, about, like)
    lastTip = i
  }

  byId('map').addEventListener('pointerdown', event => { pressedAt = [event.clientX, event.clientY] }, true)
  byId('map').addEventListener('pointerup', event => {
    if (Math.hypot(event.clientX - pressedAt[0], event.clientY - pressedAt[1]) >= 5) return
    const i = markAt(event)
    if (i >= 0) light(i, false)
  }, true)
  byId('map').addEventListener('pointermove', event => {
    const i = event.buttons ? -1 : markAt(event)
    const tip = byId('tip')
    const box = byId('map').getBoundingClientRect()
    byId('map').style.cursor = i < 0 ? '' : 'pointer'
    tip.hidden = i < 0
    if (i < 0) return
    if (i != lastTip || !tip.firstChild) fillTip(tip, i)
    const x = event.clientX - box.left
    const y = event.clientY - box.top
    const isLow = y + tip.offsetHeight + 20 > box.height
    tip.style.left = Math.max(0, Math.min(x + 14, box.width - tip.offsetWidth - 4)) + 'px'
    tip.style.top = (isLow ? y - tip.offsetHeight - 10 : y + 14) + 'px'
  })
  byId('map').addEventListener('pointerleave', () => { byId('tip').hidden = true })

  // ---- genres to hide ----

  const genreBoxes = [...document.querySelectorAll('#genres input')]

  function filter() {
    hidden.clear()
    for (const box of genreBoxes) if (!box.checked) hidden.add(box.value)
    kept.booleans = all.map(isShown)
    points.change.emit()
    writeNamesSoon()
  }

  function checkAll(on) {
    for (const box of genreBoxes) box.checked = on
    filter()
  }

  for (const box of genreBoxes) box.onchange = filter
  if (genreBoxes.length) {
    byId('every').onclick = () => checkAll(true)
    byId('none').onclick = () => checkAll(false)
  }

  // ---- theme, size and the page around the map ----

  function ink() {
    const style = getComputedStyle(document.documentElement)
    const colour = name => style.getPropertyValue('--' + name).trim()
    words.glyph.text_color = colour('ink')
    circles.glyph.line_color = colour('ink')
    marks.glyph.line_color = colour('paper')
    strokes.glyph.line_color = colour('soft')
  }

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', ink)
  // A page that holds the map says which theme it has, and scrolls past it.
  window.addEventListener('message', event => {
    if (!['dark', 'light'].includes(event.data)) return
    document.documentElement.className = event.data
    ink()
  })
  if (window.self !== window.top) {
    document.body.classList.add('embed')
    wheel.modifiers = {ctrl: true}
  }
  for (const range of [X, Y]) range.change.connect(writeNamesSoon)

  // The window has its size only after the first drawing; later it may change.
  let fitted = [0, 0]
  function settle() {
    const size = [plot.inner_width, plot.inner_height]
    if (!size[0] || !size.some((side, k) => Math.abs(side - fitted[k]) > 1)) return
    fitted = size
    const isWhole = chosen < 0 && !byId('query').value || !bold.length
    view(isWhole ? all : bold, 1e-9)
  }
  new ResizeObserver(() => setTimeout(settle, 60)).observe(byId('map'))

  ink()
  clear()
  view(all, 1e-9)
  setTimeout(settle, 100)
  return {titles: data.title, fold, find, button, clear, mark}
}
