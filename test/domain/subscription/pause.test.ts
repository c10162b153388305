import { expect, test } from 'vitest'
import { endAfterPause, isMovedRest } from '../../../domain/subscription/pause.ts'
import type { Live } from '../../../domain/subscription/subscription.ts'
import { anActiveSubscription } from '../../support/builders.ts'

const PERIOD = {
  start: new Date('2026-01-31T10:00:00.000Z'),
  end: new Date('2026-02-28T10:00:00.000Z'),
}
const pausedAt = (at: string) =>
  anActiveSubscription({ status: 'paused', period: PERIOD, pausedAt: new Date(at) }) as Live
const endAfter = (paused: string, resumed: string) =>
  endAfterPause(pausedAt(paused), new Date(resumed))?.toISOString() ?? null

test('a pause moves the end of the period by its length, also for longer than a year', () => {
  expect(endAfter('2026-02-10T10:00:00.000Z', '2026-02-20T10:00:00.000Z')).toBe(
    '2026-03-10T10:00:00.000Z',
  )
  expect(endAfter('2026-02-10T10:00:00.000Z', '2027-06-25T10:00:00.000Z')).toBe(
    '2027-07-13T10:00:00.000Z',
  )
})

test('pausing and resuming in quick succession adds no time, whatever is rounded', () => {
  for (const [paused, resumed] of [
    ['2026-02-10T10:00:00.999Z', '2026-02-10T10:00:01.000Z'],
    ['2026-02-10T10:00:00.001Z', '2026-02-10T10:00:00.999Z'],
    ['2026-02-10T10:00:00.500Z', '2026-02-10T10:00:02.400Z'],
    // A clock that was set back.
    ['2026-02-10T10:00:05.000Z', '2026-02-10T10:00:00.000Z'],
  ] as const) {
    const end = endAfter(paused, resumed) ?? ''
    const moved = Date.parse(end) - PERIOD.end.getTime()
    expect(moved).toBeGreaterThanOrEqual(0)
    expect(moved).toBeLessThanOrEqual(Math.max(0, Date.parse(resumed) - Date.parse(paused)))
  }
})

test('a pause at or after the end of its period leaves nothing, and neither does one of which nothing is kept', () => {
  expect(endAfter('2026-02-28T10:00:00.000Z', '2026-03-10T10:00:00.000Z')).toBeNull()
  expect(endAfter('2026-02-28T09:59:59.500Z', '2026-03-10T10:00:00.000Z')).toBeNull()
  const nothing = anActiveSubscription({ status: 'paused', period: PERIOD }) as Live
  expect(endAfterPause(nothing, new Date('2026-02-10T10:00:00.000Z'))).toBeNull()
})

test('the rest after a pause is active, and at Stripe a trial to the end of the period', () => {
  const rest = anActiveSubscription({ period: PERIOD, trialEnd: PERIOD.end })
  expect(isMovedRest(rest)).toBe(true)
  // A trial that was followed by this period.
  expect(isMovedRest(anActiveSubscription({ period: PERIOD, trialEnd: PERIOD.start }))).toBe(false)
  expect(isMovedRest({ ...rest, stripeSubscriptionId: null })).toBe(false)
})
