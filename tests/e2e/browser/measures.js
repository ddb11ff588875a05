// Measurements in a page. measures.py sends this whole file with each call, because the page's CSP blocks other scripts.

function describe(element) {
  const words = (element.getAttribute('aria-label') || element.textContent || '').trim().replace(/\s+/g, ' ').slice(0, 40)
  const line = []
  for (let e = element; e && e !== document.body && line.length < 3; e = e.parentElement) {
    line.unshift(e.localName + [...e.classList].map(c => '.' + c).join(''))
  }
  return line.join(' > ') + (words ? ` “${words}”` : '')
}

// Wait until no element moves or changes its colors, for example after a change of the color scheme. Other animations
// may never end.
async function transitionsEnd() {
  const transitions = document.getAnimations().filter(animation => animation instanceof CSSTransition)
  await Promise.allSettled(transitions.map(transition => transition.finished))
}

async function frames(count = 2) {
  for (let i = 0; i < count; i++) await new Promise(requestAnimationFrame)
}

// Playwright's wait_for_function needs eval, which the page's CSP blocks.
async function until(condition) {
  for (let i = 0; i < 600; i++) {
    if (condition()) return true
    await frames(1)
  }
  return false
}

// Whether an element is only for screen readers. Such an element is inside a box of one pixel.
function isVisuallyHidden(element) {
  for (let e = element; e; e = e.parentElement) {
    const style = getComputedStyle(e)
    if (style.overflowX !== 'visible' && e.offsetWidth <= 1 && e.offsetHeight <= 1) return true
  }
  return false
}

function isVisible(element) {
  return element.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !isVisuallyHidden(element)
}

function isScrollable(element) {
  return ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth
}

// --- Boxes

function overflowing() {
  const width = document.documentElement.clientWidth
  const inScroller = e => { while ((e = e.parentElement)) if (['auto', 'scroll'].includes(getComputedStyle(e).overflowX)) return true }
  const wider = [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect()
    return box.width && box.height && (box.right > width + 1 || box.left < -1) && isVisible(e) && !inScroller(e)
  })
  if (wider.length) return wider.map(describe)
  return document.documentElement.scrollWidth > width ? ['the page'] : []
}

function textNodes() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found = []
  while (walker.nextNode()) {
    const node = walker.currentNode
    if (node.data.trim() && isVisible(node.parentElement)) found.push(node)
  }
  return found
}

// Elements whose hidden overflow contains a part of their text.
function clipped() {
  const hides = value => value === 'hidden' || value === 'clip'
  const found = new Set()
  for (const node of textNodes()) {
    const range = document.createRange()
    range.selectNodeContents(node)
    const lines = [...range.getClientRects()].filter(line => line.width && line.height)
    for (let e = node.parentElement; e !== document.body && !isScrollable(e); e = e.parentElement) {
      const style = getComputedStyle(e)
      if (style.textOverflow === 'ellipsis') break
      if (e.matches('svg, svg *')) continue
      const box = e.getBoundingClientRect()
      // Line boxes may overflow when line-height is small, although no letters do.
      if ((hides(style.overflowX) && lines.some(line => line.left < box.left - 1 || line.right > box.right + 1)) ||
        (hides(style.overflowY) && lines.some(line => line.top + line.height * .25 < box.top || line.bottom - line.height * .25 > box.bottom))) found.add(e)
    }
  }
  return [...found].map(describe)
}

function overlapping() {
  scrollTo({top: 0, behavior: 'instant'}) // sticky elements may cover the text that scrolls below them
  const lines = textNodes().flatMap(node => {
    const range = document.createRange()
    range.selectNodeContents(node)
    let [left, right] = [-Infinity, Infinity]
    for (let e = node.parentElement; e !== document.body; e = e.parentElement) {
      if (getComputedStyle(e).overflowX === 'visible') continue
      const box = e.getBoundingClientRect()
      left = Math.max(left, box.left)
      right = Math.min(right, box.right)
    }
    // Line boxes may overlap when line-height is small, although no letters do.
    return [...range.getClientRects()].map(r => ({
      node, top: r.top + r.height * .25, bottom: r.bottom - r.height * .25,
      left: Math.max(r.left, left) + 1, right: Math.min(r.right, right) - 1,
    }))
  }).filter(line => line.right > line.left).sort((a, b) => a.top - b.top)
  const found = new Set()
  lines.forEach((a, index) => {
    for (let i = index + 1; i < lines.length && lines[i].top < a.bottom; i++) {
      const b = lines[i]
      if (a.node !== b.node && a.left < b.right && b.left < a.right) {
        found.add(`${describe(a.node.parentElement)} and ${describe(b.node.parentElement)}`)
      }
    }
  })
  return [...found]
}

async function scrollThrough() {
  const step = innerHeight * .8
  for (let y = 0; y < document.documentElement.scrollHeight; y += step) {
    scrollTo({top: y, behavior: 'instant'})
    await frames()
  }
  await document.fonts.ready
  // A lazy image that isn't displayed never loads, so waiting for it would never end.
  const images = [...document.images].filter(image => image.getClientRects().length)
  await Promise.all(images.map(image => image.decode().catch(() => {})))
}

async function shifts() {
  const entries = []
  new PerformanceObserver(list => entries.push(...list.getEntries())).observe({type: 'layout-shift', buffered: true})
  await frames(4)
  // Lighthouse rounds to three decimals, too.
  return entries.filter(entry => entry.value >= .0005).map(entry => `${entry.value.toFixed(5)}: ${entry.sources.map(s => s.node?.nodeType === 1 ? describe(s.node) : s.node?.textContent)}`)
}

// Adds a word to each visible text with a letter, and to each table heading that the stylesheet repeats in the cells.
function addWord(word) {
  const generated = '.skip-link, [role=img], .compound'
  for (const node of textNodes()) {
    if (/\p{L}/u.test(node.data) && !node.parentElement.closest(generated)) node.data += ` ${word}`
  }
  for (const cell of document.querySelectorAll('[data-heading]')) cell.dataset.heading += ` ${word}`
}

// Words that break across lines. A line break after a hyphen, a slash or a dash is allowed.
function brokenWords() {
  const range = document.createRange()
  return textNodes().flatMap(node => [...node.data.matchAll(/[\p{L}\p{M}\p{N}’']+/gu)].filter(match => {
    range.setStart(node, match.index)
    range.setEnd(node, match.index + match[0].length)
    return new Set([...range.getClientRects()].map(box => box.top)).size > 1
  }).map(match => `${match[0]} in ${describe(node.parentElement)}`))
}

// --- Targets

const TARGETS = 'a[href], button, summary, input, select, textarea, [tabindex]:not([tabindex^="-"])'

function targets() {
  return [...document.querySelectorAll(TARGETS)].filter(e => isVisible(e) && !e.disabled && e.type !== 'hidden')
}

function isInSentence(link) {
  if (getComputedStyle(link).display !== 'inline') return false
  let block = link.parentElement
  while (getComputedStyle(block).display.startsWith('inline')) block = block.parentElement
  const own = [...block.querySelectorAll('a')].reduce((text, a) => text.replace(a.innerText, ''), block.innerText)
  return /[\p{L}\p{N}]/u.test(own)
}

function hits(element, x, y) {
  const hit = document.elementFromPoint(x, y)
  return Boolean(hit) && (element === hit || element.contains(hit))
}

// Whether a circle of 24 pixels around an inline link touches no other target (the spacing exception of WCAG 2.5.8).
function hasSpacing(link) {
  if (getComputedStyle(link).display !== 'inline' || !link.closest('.prose')) return false
  const [a] = link.getClientRects()
  const [x, y] = [(a.left + a.right) / 2, (a.top + a.bottom) / 2]
  return targets().filter(e => e !== link && !e.contains(link)).every(e => [...e.getClientRects()].every(b => {
    const [dx, dy] = [Math.max(b.left - x, 0, x - b.right), Math.max(b.top - y, 0, y - b.bottom)]
    return Math.hypot(dx, dy) >= 12
  }))
}

// Targets smaller than 24 by 24 pixels (WCAG 2.5.8), including the area of their pseudo-elements.
function smallTargets() {
  return targets().filter(e => !isInSentence(e) && !hasSpacing(e) && !e.matches('[tabindex]:not(a, button, summary, input, select, textarea)')).filter(e => {
    // A click on the label of a box ticks the box. A label with `display: contents` has no size, but its children have.
    const label = e.closest('label')
    const boxes = (label ? [label, ...label.children] : [e]).map(each => each.getBoundingClientRect())
    if (boxes.some(box => box.width >= 24 && box.height >= 24)) return false
    e.scrollIntoView({block: 'center', behavior: 'instant'})
    const {left, right, top, bottom} = e.getBoundingClientRect()
    const [x, y] = [(left + right) / 2, (top + bottom) / 2]
    return ![[-11, -11], [11, -11], [-11, 11], [11, 11]].every(([dx, dy]) => hits(e, x + dx, y + dy))
  }).map(e => { const box = e.getBoundingClientRect(); return `${Math.round(box.width)}×${Math.round(box.height)} ${describe(e)}` })
}

// --- Colors

const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true})

function rgba(color) {
  context.clearRect(0, 0, 1, 1)
  context.fillStyle = color
  context.fillRect(0, 0, 1, 1)
  const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data
  return [r, g, b, a / 255]
}

function over(top, below) {
  return [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1)
}

function luminance(color) {
  const [r, g, b] = color.map(c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
  return .2126 * r + .7152 * g + .0722 * b
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + .05) / (dark + .05)
}

// The visible background color where these elements lie on top of each other. The topmost element comes first.
function mixedBackground(elements) {
  const layers = []
  for (const e of elements) {
    layers.push(rgba(getComputedStyle(e).backgroundColor))
    if (layers.at(-1)[3] === 1) break
  }
  return layers.reduceRight((below, top) => over(top, below), [255, 255, 255, 1])
}

function backgroundOf(element) {
  const ancestors = []
  for (let e = element; e; e = e.parentElement) ancestors.push(e)
  return mixedBackground(ancestors)
}

function bodyLuminances() {
  return [luminance(backgroundOf(document.body)), luminance(rgba(getComputedStyle(document.body).color))]
}

// Text with a contrast below 4.5:1 (WCAG 1.4.3). In print the background is white, because printers omit backgrounds.
function lowContrast(inPrint) {
  return [...new Set(textNodes().map(node => node.parentElement))].filter(e => {
    const below = inPrint ? [255, 255, 255, 1] : backgroundOf(e)
    return contrast(over(rgba(getComputedStyle(e).color), below), below) < 4.5
  }).map(describe)
}

// Elements without a border of at least 3:1 against their background (WCAG 1.4.11).
function withoutBorder(selector) {
  return [...document.querySelectorAll(selector)].filter(isVisible).filter(e => {
    const style = getComputedStyle(e)
    const drawn = style.borderTopStyle !== 'none' && parseFloat(style.borderTopWidth) >= 1
    return !drawn || contrast(rgba(style.borderTopColor), backgroundOf(e.parentElement)) < 3
  }).map(describe)
}

// SVG shapes whose fill and stroke both have less than 3:1 against their background.
function lowContrastShapes(selector) {
  return [...document.querySelectorAll(selector)].filter(e => isVisible(e.ownerSVGElement.parentElement)).filter(e => {
    const style = getComputedStyle(e)
    const below = backgroundOf(e.ownerSVGElement.parentElement)
    const standsOut = color => color !== 'none' && contrast(over(rgba(color), below), below) >= 3
    return !standsOut(style.fill) && !(parseFloat(style.strokeWidth) > 0 && standsOut(style.stroke))
  }).map(e => `${e.localName}.${e.getAttribute('class')} in ${describe(e.ownerSVGElement)}`)
}

// Elements without a symbol in ::before, or with a symbol of low contrast.
function withoutMarker(selector) {
  return [...document.querySelectorAll(selector)].filter(isVisible).filter(e => {
    const style = getComputedStyle(e, '::before')
    return !/[^\s"\w/]/.test(style.content.replace('none', '')) || contrast(rgba(style.color), backgroundOf(e)) < 4.5
  }).map(describe)
}

// --- Keyboard focus

function focusedElement() {
  const e = document.activeElement
  if (!e || e === document.body || e === document.documentElement) return null
  const style = getComputedStyle(e)
  const width = style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth)
  const reach = parseFloat(style.outlineOffset) + width / 2
  const boxes = [...e.getClientRects()]
  const around = boxes.flatMap(b => {
    const [x, y] = [(b.left + b.right) / 2, (b.top + b.bottom) / 2]
    return [[x, b.top - reach], [x, b.bottom + reach], [b.left - reach, y], [b.right + reach, y]]
  }).map(([x, y]) => document.elementsFromPoint(x, y)).filter(all => all.length).map(mixedBackground)
  const line = rgba(style.outlineColor)
  const [first] = boxes
  // Test the part of a tall element that is inside the window.
  const y = (Math.max(first.top, 0) + Math.min(first.bottom, innerHeight)) / 2
  return {
    name: describe(e),
    position: [...document.querySelectorAll('*')].indexOf(e),
    width,
    contrast: Math.min(...around.map(below => contrast(over(line, below), below)), around.length ? Infinity : 0),
    isUncovered: hits(e, (first.left + first.right) / 2, y) || hits(e, first.left + 2, y),
  }
}

// Tab reaches only the chosen radio button of a group. The arrow keys reach the others.
function reachableTargets() {
  return targets().filter(e => e.tabIndex >= 0 && !e.matches('[type=radio]:not(:checked)'))
}

function focusable() {
  const all = [...document.querySelectorAll('*')]
  return reachableTargets().map(e => [all.indexOf(e), describe(e)])
}

function focusEach() {
  return reachableTargets().map(e => {
    e.focus()
    return focusedElement()
  }).filter(Boolean)
}

// Presses of Tab that move the focus up the page, or back along a line. The columns of a grid are read one by one.
function backwardSteps(positions) {
  const all = [...document.querySelectorAll('*')]
  scrollTo({top: 0, behavior: 'instant'})
  const boxes = positions.map(position => [...all[position].getClientRects()])
  return positions.slice(1).flatMap((position, i) => {
    const [a, b] = [boxes[i].at(-1), boxes[i + 1][0]]
    const up = b.bottom <= a.top + 1 && b.left < a.right
    // A raised mark at the start of a line overlaps the line above, but by less than half of its height.
    const overlap = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
    const back = overlap > Math.min(a.height, b.height) / 2 && b.right <= a.left + 1
    let common = all[position]
    while (!common.contains(all[positions[i]])) common = common.parentElement
    return (up || back) && getComputedStyle(common).display !== 'grid' ? [`${describe(all[positions[i]])} → ${describe(all[position])}`] : []
  })
}

function scrollers() {
  return [...document.querySelectorAll('body *')].filter(e => isVisible(e) && isScrollable(e)).map(describe)
}

function unreachableScrollers() {
  return [...document.querySelectorAll('body *')].filter(e => isVisible(e) && isScrollable(e) && e.tabIndex < 0).map(describe)
}

function isScrolledRight() {
  return until(() => document.activeElement.scrollLeft > 0)
}

function isPainted() {
  return until(() => performance.getEntriesByName('first-contentful-paint').length)
}

function isFontLoaded() {
  return until(() => [...document.fonts].some(face => face.family === 'Bricolage' && face.status === 'loaded'))
}

// The reason why the target of an in-page link isn't visible after a click. Empty if the target is visible.
async function targetProblem(id) {
  await frames()
  if (decodeURIComponent(location.hash) !== `#${id}`) return `the URL ends in ${location.hash || 'no fragment'}`
  const target = document.getElementById(id)
  if (!target) return 'no element has this id'
  const box = target.getBoundingClientRect()
  if (!box.height) return 'the target is hidden'
  if (box.top < -1 || box.top >= innerHeight - 20) return `the target is at ${Math.round(box.top)} px of ${innerHeight}`
  const x = Math.max(box.left, 0) + Math.min(box.width, innerWidth) / 2
  return hits(target, x, box.top + Math.min(10, box.height / 2)) ? '' : `${describe(document.elementFromPoint(x, box.top + 5))} covers the target`
}

// Follow each visible link to a part of the page. Return the first problem of each link's target by the link's href.
async function followLinksWithinPage() {
  const found = {}
  for (const link of document.querySelectorAll('a[href^="#"]')) {
    if (!link.checkVisibility({visibilityProperty: true})) continue
    link.focus()
    link.click()
    const href = link.getAttribute('href')
    const problem = await targetProblem(href.slice(1))
    found[href] ||= problem
  }
  return found
}

// --- Motion

function rules(list) {
  return [...list].flatMap(rule => {
    if (rule.media && !matchMedia(rule.media.mediaText).matches) return []
    return [rule, ...(rule.cssRules ? rules(rule.cssRules) : [])]
  })
}

function animations() {
  const found = new Set()
  for (const e of document.querySelectorAll('*')) {
    for (const pseudo of [null, '::before', '::after']) {
      const style = getComputedStyle(e, pseudo)
      const takesTime = durations => durations.split(',').some(duration => parseFloat(duration) > 0)
      if (takesTime(style.transitionDuration) && style.transitionProperty !== 'none') found.add(`transition of ${describe(e)}`)
      if (takesTime(style.animationDuration) && style.animationName !== 'none') found.add(`animation of ${describe(e)}`)
      if (style.scrollBehavior === 'smooth') found.add(`scrolling of ${describe(e)}`)
    }
  }
  const here = [...document.styleSheets].flatMap(sheet => rules(sheet.cssRules))
  if (here.some(rule => /^@view-transition[\s\S]*navigation:\s*auto/.test(rule.cssText))) found.add('@view-transition')
  document.getAnimations().forEach(animation => found.add(`running ${animation.animationName || animation.transitionProperty}`))
  return [...found]
}
