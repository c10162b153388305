import type { Round } from './round.ts'

/** A promise about figures, held against the medians of a run. */
export type Budget = {
  readonly name: string
  readonly measured: number
  readonly bound: 'at least' | 'below' | 'exactly'
  readonly limit: number
  readonly unit: '×' | 'ms' | 'events'
}

export const isMet = ({ measured, bound, limit }: Budget): boolean => {
  switch (bound) {
    case 'at least':
      return measured >= limit
    case 'below':
      return measured < limit
    case 'exactly':
      return measured === limit
  }
}

const ratio = (name: string, part: number, whole: number, limit: number): Budget => ({
  name,
  measured: part / whole,
  bound: 'at least',
  limit,
  unit: '×',
})

/** Each budget of metering. `of` answers the median of a figure. */
export const budgets = (of: (name: keyof Round) => number, overshoot: number): Budget[] => [
  ratio('consume, spread, to a bare Hono echo', of('spread'), of('echo'), 0.6),
  ratio('consume, one hot customer, to spread', of('hot'), of('spread'), 1),
  ratio('consume, spread, to rate-limiter-flexible', of('spread'), of('limiterSpread'), 1.5),
  ratio('consume, hot, to rate-limiter-flexible', of('hot'), of('limiterHot'), 5),
  ratio('batch, events, to single', of('batchEvents'), of('spread'), 5),
  {
    name: 'consume, p99 at half load',
    measured: of('halfP99Ms'),
    bound: 'below',
    limit: 25,
    unit: 'ms',
  },
  { name: 'overshoot', measured: overshoot, bound: 'exactly', limit: 0, unit: 'events' },
]
