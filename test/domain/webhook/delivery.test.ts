import { describe, expect, test } from 'vitest'
import {
  AGE_MAX_MS,
  ATTEMPTS_MAX,
  BACKOFF_MAX_MS,
  judge,
  reasonToDisable,
  type Attempt,
} from '../../../domain/webhook/delivery.ts'

const AT = new Date('2026-01-31T10:00:00.000Z')
const later = (ms: number) => new Date(AT.getTime() + ms)
const failed = (given: Partial<Attempt> = {}): Attempt => ({
  status: 500,
  error: 'it answered 500',
  retryAfterMs: null,
  ...given,
})
const judgeAt = (attempts: number, given: Partial<Attempt> = {}, chance = 0.5) =>
  judge(failed(given), { attempts, queuedAt: AT }, AT, chance)
const waitOf = (attempts: number, given: Partial<Attempt> = {}, chance = 0.5) => {
  const verdict = judgeAt(attempts, given, chance)
  return verdict.state === 'pending' ? verdict.until.getTime() - AT.getTime() : verdict.state
}

describe('a failed attempt', () => {
  test('is retried after waits that grow to six hours, 20 % earlier or later', () => {
    expect([1, 2, 3, 4, 19].map((count) => waitOf(count))).toEqual([
      5_000,
      15_000,
      45_000,
      135_000,
      BACKOFF_MAX_MS,
    ])
    expect(waitOf(1, {}, 0)).toBe(4_000)
    expect(waitOf(1, {}, 1)).toBe(6_000)
  })

  test('is given up after too many attempts or too much time', () => {
    expect(waitOf(ATTEMPTS_MAX)).toBe('failed')
    const old = { attempts: 3, queuedAt: later(-AGE_MAX_MS) }
    expect(judge(failed(), old, AT, 0.5)).toEqual({ state: 'failed' })
  })

  test('waits as long as the receiver asks, up to a day, and pauses the endpoint', () => {
    expect(waitOf(1, { status: 429, retryAfterMs: 60_000 })).toBe(60_000)
    expect(waitOf(1, { status: 429, retryAfterMs: 1_000 })).toBe(5_000)
    expect(waitOf(1, { status: 503, retryAfterMs: 9e12 })).toBe(86_400_000)
    expect(judgeAt(1, { status: 503, retryAfterMs: 60_000 })).toMatchObject({
      hold: { after: 1, until: later(60_000) },
    })
    expect(judgeAt(1)).toMatchObject({ hold: { after: 20 } })
  })
})

test('an endpoint is disabled at once when it is gone, and after three days of failures', () => {
  expect(reasonToDisable(failed({ status: 410 }), null, AT)).toBe('it answered 410 Gone')
  expect(reasonToDisable(failed(), later(1 - AGE_MAX_MS), AT)).toBeNull()
  expect(reasonToDisable(failed(), later(-AGE_MAX_MS), AT)).toMatch(/nothing was acknowledged/)
  expect(reasonToDisable(failed(), null, AT)).toBeNull()
})
