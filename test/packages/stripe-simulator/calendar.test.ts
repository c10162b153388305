import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  boundary,
  INTERVALS,
  periodAt,
} from '../../../packages/stripe-simulator/billing/calendar.ts'

const instants = fc.integer({ min: Date.UTC(2000, 0) / 1000, max: Date.UTC(2100, 0) / 1000 })
const recurrences = fc.record({
  interval: fc.constantFrom(...INTERVALS),
  interval_count: fc.integer({ min: 1, max: 3 }),
})

test('every instant lies in exactly one period, and periods follow each other without a gap', () => {
  fc.assert(
    fc.property(instants, recurrences, instants, (anchor, every, instant) => {
      const period = periodAt(anchor, every, instant)
      expect(period.start).toBeLessThanOrEqual(instant)
      expect(period.end).toBeGreaterThan(instant)
      expect(periodAt(anchor, every, period.end).start).toBe(period.end)
      expect(periodAt(anchor, every, period.start)).toEqual(period)
    }),
  )
})

test('a monthly boundary keeps the day of the anchor, or is the last day of its month', () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: -600, max: 600 }), (anchor, count) => {
      const at = new Date(1000 * boundary(anchor, { interval: 'month', interval_count: 1 }, count))
      const from = new Date(1000 * anchor)
      const nextDay = new Date(at.getTime() + 86_400_000)
      expect(at.toISOString().slice(11)).toBe(from.toISOString().slice(11))
      const isLast = nextDay.getUTCMonth() !== at.getUTCMonth()
      const keeps = at.getUTCDate() === from.getUTCDate()
      expect(keeps || (isLast && at.getUTCDate() < from.getUTCDate())).toBe(true)
    }),
  )
})
