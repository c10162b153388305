import { isMet, type Budget } from './budgets.ts'

/** What each figure is, in the order in which it is shown. */
const FIGURES: readonly (readonly [name: string, title: string, unit: string])[] = [
  ['echo', 'bare Hono JSON echo', 'calls/s'],
  ['bareSpread', 'bare statement per call, in process, spread', 'calls/s'],
  ['bareHot', 'bare statement per call, in process, hot', 'calls/s'],
  ['limiterSpread', 'rate-limiter-flexible, in process, spread', 'calls/s'],
  ['limiterHot', 'rate-limiter-flexible, in process, hot', 'calls/s'],
  ['spread', 'POST /usage/consume, spread', 'calls/s'],
  ['hot', 'POST /usage/consume, one hot customer', 'calls/s'],
  ['batchEvents', 'POST /usage/batch', 'events/s'],
  ['spreadP50Ms', 'consume, full load, p50', 'ms'],
  ['spreadP99Ms', 'consume, full load, p99', 'ms'],
  ['halfP50Ms', 'consume, half load, p50', 'ms'],
  ['halfP99Ms', 'consume, half load, p99', 'ms'],
  ['batchP99Ms', 'batch, p99', 'ms'],
]

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const number = (value: number) => (value < 100 ? value.toFixed(2) : Math.round(value).toString())
const BOUNDS = { 'at least': '≥', below: '<', exactly: '=' } as const

export const figuresTable = (of: (name: string) => number, echo: number): string =>
  [
    line(['figure', 'median', 'to the echo']),
    line(['---', '---', '---']),
    ...FIGURES.map(([name, title, unit]) =>
      line([title, `${number(of(name))} ${unit}`, unit === 'ms' ? '' : number(of(name) / echo)]),
    ),
  ].join('\n')

export const budgetsTable = (budgets: readonly Budget[]): string =>
  [
    line(['budget', 'measured', 'promised', 'met']),
    line(['---', '---', '---', '---']),
    ...budgets.map((budget) =>
      line([
        budget.name,
        `${number(budget.measured)} ${budget.unit}`,
        `${BOUNDS[budget.bound]} ${budget.limit} ${budget.unit}`,
        isMet(budget) ? 'yes' : 'NO',
      ]),
    ),
  ].join('\n')
