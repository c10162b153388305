import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Unit } from '../../domain/calendar.ts'
import { isTimeZone, zonedIntervalAt } from '../../domain/zoned-calendar.ts'

const BERLIN = 'Europe/Berlin'
const anchor = new Date('2026-01-31T10:23:45.678Z')
const at = (unit: Unit, instant: string, zone = BERLIN) => {
  const { start, end } = zonedIntervalAt(anchor, unit, new Date(instant), zone)
  return `${start.toISOString()} ${end.toISOString()}`
}
const HOUR_MS = 3_600_000

describe('in a time zone', () => {
  test('a day starts at local midnight', () => {
    expect(at('day', '2026-02-10T22:59:59.999Z')).toBe(
      '2026-02-09T23:00:00.000Z 2026-02-10T23:00:00.000Z',
    )
    expect(at('day', '2026-02-10T23:00:00.000Z')).toBe(
      '2026-02-10T23:00:00.000Z 2026-02-11T23:00:00.000Z',
    )
  })

  test('a day has 23 hours when clocks go forward and 25 when they go back', () => {
    expect(at('day', '2026-03-29T12:00:00Z')).toBe(
      '2026-03-28T23:00:00.000Z 2026-03-29T22:00:00.000Z',
    )
    expect(at('day', '2026-10-25T12:00:00Z')).toBe(
      '2026-10-24T22:00:00.000Z 2026-10-25T23:00:00.000Z',
    )
  })

  test('a repeated hour counts as two, a skipped one as none', () => {
    expect(at('hour', '2026-10-25T00:30:00Z')).toBe(
      '2026-10-25T00:00:00.000Z 2026-10-25T01:00:00.000Z',
    )
    expect(at('hour', '2026-10-25T01:30:00Z')).toBe(
      '2026-10-25T01:00:00.000Z 2026-10-25T02:00:00.000Z',
    )
    expect(at('hour', '2026-03-29T01:00:00Z')).toBe(
      '2026-03-29T01:00:00.000Z 2026-03-29T02:00:00.000Z',
    )
  })

  test('a month starts on the anchor’s local day, or on the last day of a shorter month', () => {
    expect(at('month', '2026-03-15T00:00:00Z')).toBe(
      '2026-02-27T23:00:00.000Z 2026-03-30T22:00:00.000Z',
    )
    // Already 1 February in Auckland when the subscription began.
    expect(at('month', '2026-03-15T00:00:00Z', 'Pacific/Auckland')).toBe(
      '2026-02-27T11:00:00.000Z 2026-03-30T11:00:00.000Z',
    )
  })

  test('a week starts on the anchor’s weekday', () => {
    expect(at('week', '2026-04-02T00:00:00Z')).toBe(
      '2026-03-27T23:00:00.000Z 2026-04-03T22:00:00.000Z',
    )
  })

  test('a skipped midnight becomes the first instant after it, a repeated one the first of the two', () => {
    // Clocks in Beirut and in Santiago change at midnight.
    expect(at('day', '2026-03-29T12:00:00Z', 'Asia/Beirut')).toBe(
      '2026-03-28T22:00:00.000Z 2026-03-29T21:00:00.000Z',
    )
    expect(at('day', '2026-10-24T12:00:00Z', 'Asia/Beirut')).toBe(
      '2026-10-23T21:00:00.000Z 2026-10-24T22:00:00.000Z',
    )
  })

  test('hours start at minute zero in a zone half an hour off', () => {
    expect(at('hour', '2026-02-10T10:45:00Z', 'Asia/Kolkata')).toBe(
      '2026-02-10T10:30:00.000Z 2026-02-10T11:30:00.000Z',
    )
  })

  test('an hour has 60 minutes where clocks change by half an hour', () => {
    // Lord Howe Island goes from +11:00 to +10:30 at 15:00 UTC; the anchor's hour there began at 10:00 UTC.
    const fall = (instant: string) => at('hour', instant, 'Australia/Lord_Howe')
    expect(fall('2026-04-04T14:59:59.999Z')).toBe(
      '2026-04-04T14:00:00.000Z 2026-04-04T15:00:00.000Z',
    )
    expect(fall('2026-04-04T15:00:00Z')).toBe('2026-04-04T15:00:00.000Z 2026-04-04T16:00:00.000Z')
  })

  test('rejects unknown names', () => {
    expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  test('any instant lies in exactly one interval, without gaps', () => {
    const zones = [
      BERLIN,
      'America/Sao_Paulo',
      'Asia/Beirut',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'Asia/Kolkata',
      'Asia/Pyongyang',
      'America/Caracas',
      'Africa/Casablanca',
      'Antarctica/Troll',
      'America/Santiago',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom<Unit>('hour', 'day', 'week', 'month'),
        fc.date({ min: new Date('2005-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        (zone, unit, instant) => {
          const { start, end } = zonedIntervalAt(anchor, unit, instant, zone)
          expect(start <= instant && instant < end).toBe(true)
          expect(zonedIntervalAt(anchor, unit, start, zone)).toEqual({ start, end })
          expect(zonedIntervalAt(anchor, unit, end, zone).start).toEqual(end)
          expect(end.getTime() - start.getTime()).toBeGreaterThanOrEqual(HOUR_MS)
        },
      ),
      { numRuns: 5_000 },
    )
  })
})
