// The form above the map: what is liked goes to the server, what comes back is put in as text and shown on the map.
// It runs after the map's own script and uses what startMap returned: map.titles, fold, find, button, clear, mark.

const $ = id => document.getElementById(id)
const liked = []
let question = 0

function element(tag, text) {
  const made = document.createElement(tag)
  made.textContent = text
  return made
}

function withdraw(title) {
  const at = liked.indexOf(title)
  if (at >= 0) liked.splice(at, 1)
}

function chip(title) {
  const item = document.createElement('li')
  const cross = element('button', '× ' + title)
  cross.type = 'button'
  cross.setAttribute('aria-label', 'take out ' + title)
  cross.onclick = () => { withdraw(title); ask() }
  item.append(cross)
  return item
}

function row(found) {
  const item = found.row < 0 ? element('li', found.title) : map.button(found.row)
  if (found.row < 0) item.append(element('small', ' ' + found.about + ' (not on the map)'))
  if (found.because.length) {
    item.append(document.createElement('br'), element('small', 'because of ' + found.because.join(', ')))
  }
  return item
}

function showLiked() { $('liked').replaceChildren(...liked.map(chip)) }

function empty() {
  $('answers').replaceChildren()
  $('next').hidden = true
  $('problem').textContent = ''
  map.clear()
}

async function answerTo(titles) {
  try {
    const answer = await fetch('recommend?' + new URLSearchParams(titles.map(title => ['liked', title])))
    return await answer.json()
  } catch {
    return {error: 'no answer: is recsys_nb explore still running?'}
  }
}

async function ask() {
  const mine = ++question
  showLiked()
  if (!liked.length) { empty(); return }
  const found = await answerTo(liked)
  if (mine != question) return // a later question is on its way
  $('problem').textContent = found.error || ''
  if (found.error) {
    if (found.unknown) { withdraw(found.unknown); showLiked() }
    return
  }
  $('next').hidden = false
  $('answers').replaceChildren(...found.items.map(row))
  map.mark(found.items.map(one => one.row).filter(at => at >= 0))
}

$('title').oninput = () => {
  const hits = map.find($('title').value).slice(0, 8)
  const options = hits.map(at => Object.assign(document.createElement('option'), {value: map.titles[at]}))
  $('known').replaceChildren(...options)
}

// A title is asked for as the map has it; where several fit, the server is asked what was typed.
$('like').onsubmit = event => {
  event.preventDefault()
  const typed = $('title').value.trim()
  const hits = map.find(typed)
  const exact = hits.find(at => map.fold(map.titles[at]) == map.fold(typed))
  const title = map.titles[exact ?? (hits.length == 1 ? hits[0] : -1)] ?? typed
  if (title && !liked.includes(title)) { liked.push(title); ask() }
  $('title').value = ''
}
