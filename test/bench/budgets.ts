/** A promise about figures, checked against the medians of a run. */
export type Budget = {
  readonly name: string
  readonly measured: number
  readonly bound: 'at least' | 'at most' | 'below' | 'exactly'
  readonly limit: number
  readonly unit: string
}

export const isMet = ({ measured, bound, limit }: Budget): boolean => {
  switch (bound) {
    case 'at least':
      return measured >= limit
    case 'at most':
      return measured <= limit
    case 'below':
      return measured < limit
    case 'exactly':
      return measured === limit
  }
}

/** A figure relative to its bare reference of the same run. */
export const ratio = (name: string, part: number, whole: number, limit: number): Budget => ({
  name,
  measured: part / whole,
  bound: 'at least',
  limit,
  unit: '×',
})

export const atMost = (name: string, measured: number, limit: number, unit: string): Budget => ({
  name,
  measured,
  bound: 'at most',
  limit,
  unit,
})
