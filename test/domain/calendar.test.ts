import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundary, intervalAt, unitsSince, type Unit } from '../../domain/calendar.ts'

const day = (text: string) => new Date(`${text}T10:30:00.000Z`)
const monthly = (anchor: string, months: number) =>
  Array.from({ length: months }, (_, index) =>
    boundary(day(anchor), 'month', index + 1)
      .toISOString()
      .slice(0, 10),
  )

describe('boundaries count from the anchor', () => {
  test('a subscription anchored on the 31st renews on the last day of shorter months, then on the 31st again', () => {
    expect(monthly('2026-01-31', 6)).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
      '2026-06-30',
      '2026-07-31',
    ])
  })

  test('an anchor on the 29th or 30th renews on the last day of February, also in a leap year', () => {
    expect(monthly('2027-12-30', 3)).toEqual(['2028-01-30', '2028-02-29', '2028-03-30'])
    expect(monthly('2026-12-29', 3)).toEqual(['2027-01-29', '2027-02-28', '2027-03-29'])
  })

  test('a yearly anchor on a leap day renews on 28 February until the next leap year', () => {
    const years = [1, 2, 3, 4].map((count) => boundary(day('2028-02-29'), 'year', count))
    expect(years.map((each) => each.toISOString().slice(0, 10))).toEqual([
      '2029-02-28',
      '2030-02-28',
      '2031-02-28',
      '2032-02-29',
    ])
  })

  test('there is no gap at the end of a year', () => {
    expect(monthly('2026-11-30', 3)).toEqual(['2026-12-30', '2027-01-30', '2027-02-28'])
  })

  test('the time of day is kept, to the millisecond', () => {
    const anchor = new Date('2026-01-31T23:59:59.999Z')
    expect(boundary(anchor, 'month', 1).toISOString()).toBe('2026-02-28T23:59:59.999Z')
  })
})

describe('intervals are half-open', () => {
  test('a boundary belongs to the interval that it starts', () => {
    const anchor = day('2026-01-31')
    const end = intervalAt(anchor, 'month', anchor).end
    expect(intervalAt(anchor, 'month', end).start).toEqual(end)
    expect(intervalAt(anchor, 'month', new Date(end.getTime() - 1)).end).toEqual(end)
  })

  const units = fc.constantFrom<Unit>('hour', 'day', 'week', 'month', 'year')
  const instants = fc.date({
    min: new Date('2000-01-01T00:00:00Z'),
    max: new Date('2100-01-01T00:00:00Z'),
    noInvalidDate: true,
  })

  test('any instant lies in exactly one interval, without gaps', () => {
    fc.assert(
      fc.property(instants, units, instants, (anchor, unit, at) => {
        const { start, end } = intervalAt(anchor, unit, at)
        expect(start <= at && at < end).toBe(true)
        expect(intervalAt(anchor, unit, end).start).toEqual(end)
        expect(boundary(anchor, unit, unitsSince(anchor, unit, at))).toEqual(start)
      }),
    )
  })

  test('a span of several units begins at every so many of them, counted from the anchor', () => {
    const every = fc.integer({ min: 1, max: 36 })
    fc.assert(
      fc.property(instants, units, every, instants, (anchor, unit, count, at) => {
        const { start, end } = intervalAt(anchor, { every: count, unit }, at)
        expect(start <= at && at < end).toBe(true)
        const since = unitsSince(anchor, unit, start)
        expect(Math.abs(since % count)).toBe(0)
        expect(unitsSince(anchor, unit, end)).toBe(since + count)
      }),
    )
  })

  test('later boundaries lie later', () => {
    fc.assert(
      fc.property(instants, units, fc.integer({ min: -500, max: 500 }), (anchor, unit, count) => {
        expect(boundary(anchor, unit, count) < boundary(anchor, unit, count + 1)).toBe(true)
      }),
    )
  })
})
