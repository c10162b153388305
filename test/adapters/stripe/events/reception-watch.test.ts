import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createLogger } from '../../../../adapters/telemetry/logger.ts'
import { createStripeClient } from '../../../../adapters/stripe/sdk/client.ts'
import { createClockSkew } from '../../../../adapters/stripe/sdk/clock-skew.ts'
import { createReceptionWatch } from '../../../../adapters/stripe/events/reception-watch.ts'

const MINUTE_MS = 60_000

function setUp() {
  const logger = createLogger({ level: 'silent', name: 'test' })
  const warn = vi.spyOn(logger, 'warn')
  const seeClock = createClockSkew({ logger, telemetry: undefined })
  const watch = createReceptionWatch({ logger, telemetry: undefined, seeClock })
  return { seeClock, watch, warnings: () => warn.mock.calls.map(([fields]) => fields) }
}
const anEvent = { secret: 1, repeated: false, apiVersion: Stripe.API_VERSION } as const

describe('a webhook', () => {
  test('of the SDK’s version, signed just now, logs nothing', () => {
    const { watch, warnings } = setUp()
    watch.received({ ...anEvent, signedAt: Date.now() })
    watch.received({ ...anEvent, signedAt: Date.now(), apiVersion: null })
    expect(warnings()).toEqual([])
  })

  test('of another version is logged once, not each time', () => {
    const { watch, warnings } = setUp()
    for (let count = 1; count <= 3; count++)
      watch.received({ ...anEvent, signedAt: Date.now(), apiVersion: '2020-08-27' })
    expect(warnings()).toEqual([{ apiVersion: '2020-08-27', ours: Stripe.API_VERSION }])
  })

  test.each([
    ['behind', -2],
    ['ahead', 2],
  ])('shows that our clock is %s by %i minutes, and is logged once', (_what, minutes) => {
    const { watch, warnings } = setUp()
    for (let count = 1; count <= 3; count++)
      watch.received({ ...anEvent, signedAt: Date.now() - minutes * MINUTE_MS })
    expect(warnings()).toEqual([{ seconds: expect.closeTo(minutes * 60, 0) }])
  })
})

describe('a response from Stripe', () => {
  let minutes = 0
  const server = createServer((_request, response) => {
    response.setHeader('date', new Date(Date.now() + minutes * MINUTE_MS).toUTCString())
    response.setHeader('content-type', 'application/json')
    response.end('{"id":"cus"}')
  })
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))

  test.each([
    [0, []],
    [2, [{ seconds: expect.closeTo(-120, -1) }]],
  ])('with a date %i minutes after ours is logged if that is too much', async (ahead, expected) => {
    minutes = ahead
    const { seeClock, warnings } = setUp()
    const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const stripe = createStripeClient({ apiKey: 'sk_test_clock', apiBase, seeClock })
    await stripe.customers.retrieve('cus')
    expect(warnings()).toEqual(expected)
  })
})
