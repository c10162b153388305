import type { Machine } from './machine.ts'
import type { Growth } from './section.ts'

const PANEL = { width: 360, height: 220, left: 56, right: 16, top: 34, bottom: 40 } as const
const FOOT = 24
/** The width of the footer. */
const FOOT_WIDTH = 560
const INK = '#334155'
const LINE = '#2563eb'
/** Ranges wider than this factor use a logarithmic axis. */
const LOGARITHMIC_FROM = 50

/** Plots how cost grows, one panel for each curve, as a standalone SVG. */
export function plotOf(curves: readonly Growth[], machine: Machine): string {
  const width = Math.max(PANEL.width * curves.length, FOOT_WIDTH)
  const height = PANEL.height + FOOT
  const foot = `${machine['cores']} cores, ${machine['cpu']}, Node ${machine['node']}, ${machine['at']?.slice(0, 10)}, load average ${machine['load average before']}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="${INK}">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...curves.map((curve, index) => panel(curve, index * PANEL.width)),
    text(width / 2, height - 8, foot, 'middle'),
    '</svg>',
    '',
  ].join('\n')
}

function panel({ title, x, y, points }: Growth, offset: number): string {
  const xs = points.map(([each]) => each)
  const isLogarithmic = Math.max(...xs) / Math.min(...xs) >= LOGARITHMIC_FROM
  const scaled = (value: number) => (isLogarithmic ? Math.log10(value) : value)
  const [first, last] = [scaled(Math.min(...xs)), scaled(Math.max(...xs))]
  const top = roundedUp(Math.max(...points.map(([, each]) => each)))
  const [left, right] = [offset + PANEL.left, offset + PANEL.width - PANEL.right]
  const [high, low] = [PANEL.top, PANEL.height - PANEL.bottom]
  const across = (value: number) =>
    left + ((scaled(value) - first) / (last - first || 1)) * (right - left)
  const up = (value: number) => low - (value / top) * (low - high)
  const places = points.map(([at, value]) => [across(at), up(value)] as const)
  return [
    text((left + right) / 2, 16, title, 'middle'),
    ...[0, top / 2, top].map(
      (value) =>
        `<path d="M${left} ${up(value)}H${right}" stroke="#e2e8f0"/>${text(left - 6, up(value) + 4, shown(value), 'end')}`,
    ),
    ...points.map(([at]) => text(across(at), low + 16, shown(at), 'middle')),
    text((left + right) / 2, low + 32, x, 'middle'),
    text(left, high - 6, y, 'end'),
    `<polyline points="${places.map((place) => place.map((each) => each.toFixed(1)).join(',')).join(' ')}" fill="none" stroke="${LINE}" stroke-width="2"/>`,
    ...places.map(
      ([cx, cy]) => `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="3" fill="${LINE}"/>`,
    ),
  ].join('\n')
}

const text = (x: number, y: number, said: string, anchor: 'start' | 'middle' | 'end') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${said.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`

/** 1, 2 or 5 times a power of ten. */
function roundedUp(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(value || 1))
  const step = [1, 2, 5, 10].find((each) => each * magnitude >= value) ?? 10
  return step * magnitude
}

const shown = (value: number): string =>
  value >= 1_000_000
    ? `${value / 1_000_000} M`
    : value >= 1_000
      ? `${Number((value / 1_000).toFixed(1))} k`
      : String(Number(value.toFixed(2)))
