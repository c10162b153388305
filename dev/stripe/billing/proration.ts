import type { Span } from './calendar.ts'

/** The part of an amount that falls on what is left of a period, to the nearest minor unit. */
export function unusedShare(amount: number, period: Span, from: number): number {
  const left = Math.max(period.end - Math.max(from, period.start), 0)
  return Math.round((amount * left) / (period.end - period.start))
}
