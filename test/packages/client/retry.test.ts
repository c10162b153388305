import { describe, expect, test, vi } from 'vitest'
import { exchange } from '../../../packages/client/exchange.ts'
import { pauseAfter, retryAfterMs } from '../../../packages/client/retry.ts'

const NOW = new Date('2026-01-31T10:00:00.000Z')

describe('a pause', () => {
  test('doubles, up to five seconds, and is never the same for all', () => {
    const longest = [1, 2, 3, 6, 7, 10].map((attempts) => pauseAfter(attempts, 0, 1))
    const shortest = [1, 2, 3, 6, 7, 10].map((attempts) => pauseAfter(attempts, 0, 0))
    expect(longest).toEqual([100, 200, 400, 3_200, 5_000, 5_000])
    expect(shortest).toEqual([50, 100, 200, 1_600, 2_500, 2_500])
  })

  test('is never shorter than the service asked for', () => {
    expect(pauseAfter(1, 2_000, 0)).toBeGreaterThanOrEqual(2_000)
    expect(pauseAfter(1, 2_000, 1)).toBeGreaterThan(pauseAfter(1, 2_000, 0))
  })
})

test.each([
  [null, 0],
  ['2', 2_000],
  [' 3 ', 3_000],
  ['0', 0],
  ['Sat, 31 Jan 2026 10:00:07 GMT', 7_000],
  ['Sat, 31 Jan 2026 09:00:00 GMT', 0],
  ['99999', 60_000],
  ['-1', 0],
  ['soon', 0],
])('Retry-After %j is %d ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms)
})

test('a call whose connection broke is sent again at once, and only then after a pause', async () => {
  vi.useFakeTimers()
  try {
    let sent = 0
    const patience = {
      deadlineMs: 10_000,
      attemptMaxMs: 1_000,
      attemptsMax: 3,
      fetch: async () => {
        sent += 1
        if (sent < 3) throw new TypeError('fetch failed')
        return Response.json({ outcome: 'allowed' })
      },
    }
    const request = {
      operation: 'POST /usage/consume',
      method: 'POST',
      url: 'http://billing.example/',
      headers: {},
      body: '{}',
      idempotencyKey: 'once',
    }
    const answer = exchange(request, patience)
    await vi.advanceTimersByTimeAsync(1)
    expect(sent).toBe(2)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await answer).toEqual({ outcome: 'allowed' })
    expect(sent).toBe(3)
  } finally {
    vi.useRealTimers()
  }
})
