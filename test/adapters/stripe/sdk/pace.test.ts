import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createStripeClient, createStripeClients } from '../../../../adapters/stripe/sdk/client.ts'
import { CLASS_LIMITS, PACE_CLASSES } from '../../../../domain/stripe/pace.ts'
import { classifyStripeError } from '../../../../adapters/stripe/sdk/errors.ts'
import { createPace, paceTerms } from '../../../../adapters/stripe/sdk/pace.ts'
import { startBusyStripe, type BusyStripe } from '../../../support/busy-stripe.ts'

describe('a thousand requests in one second', () => {
  const pace = createPace(paceTerms(25))
  const leaves = Array.from({ length: 1_000 }, () => pace.ask(0))
  const going = leaves.filter(({ kind }) => kind === 'go').map(({ afterMs }) => afterMs)
  const later = leaves.filter(({ kind }) => kind === 'later').map(({ afterMs }) => afterMs)

  test('run at most 25 a second, plus five together at the start', () => {
    for (const start of [0, 500, 1_500, 2_000])
      expect(going.filter((at) => at >= start && at < start + 1_000).length).toBeLessThanOrEqual(
        start === 0 ? 30 : 25,
      )
  })

  test('wait at most three seconds; the others get different times to return, 25 a second', () => {
    expect(Math.max(...going)).toBeLessThanOrEqual(3_000)
    expect(new Set(later).size).toBe(later.length)
    expect(Math.max(...later)).toBeCloseTo(1_000 * (1_000 / 25), -2)
  })

  test('none runs while Stripe asks for a pause', () => {
    const held = createPace(paceTerms(25))
    held.hold(2_000)
    expect(held.ask(0)).toEqual({ kind: 'go', afterMs: 2_000 })
    expect(held.ask(2_100)).toMatchObject({ kind: 'go', afterMs: 0 })
  })
})

describe('a process that keeps its pace alone', () => {
  test.each(['event', 'background'] as const)(
    'lets a caller go before five hundred waiting requests of the class %s',
    (paceClass) => {
      const pace = createPace(paceTerms(25))
      const replies = Array.from({ length: 500 }, () => pace.ask(0, paceClass))
      const { reserveMaxMs } = CLASS_LIMITS[paceClass]
      for (const { kind, afterMs } of replies)
        expect(kind === 'later' || afterMs <= reserveMaxMs).toBe(true)
      expect(pace.ask(0).afterMs).toBeLessThanOrEqual(reserveMaxMs + 2 * 40)
    },
  )

  test('leaves each class its share of the requests, however many callers ask', () => {
    const pace = createPace(paceTerms(25))
    const sent = { caller: 0, event: 0, background: 0 }
    // For a hundred seconds every class asks for more than the pace allows.
    for (let now = 0; now < 100_000; now += 10)
      for (const paceClass of PACE_CLASSES)
        if (pace.ask(now, paceClass).kind === 'go') sent[paceClass] += 1
    const all = sent.caller + sent.event + sent.background
    expect(all).toBeLessThanOrEqual(25 * 100 + 25 * 6 + 5)
    expect(sent.event / all).toBeCloseTo(1 / 4, 1)
    expect(sent.background / all).toBeCloseTo(1 / 10, 1)
    expect(sent.caller / all).toBeGreaterThan(0.5)
  })
})

describe('over HTTP', () => {
  let busy: BusyStripe
  beforeAll(async () => {
    busy = await startBusyStripe()
  })
  afterAll(() => busy.close())
  const client = (requestsPerSecond: number) =>
    createStripeClient({ apiKey: 'sk_test_pace', apiBase: busy.url, requestsPerSecond })

  test('a refused request is never sent, and says when to return', async () => {
    const stripe = client(1)
    const requests = Array.from({ length: 9 }, () =>
      stripe.customers.retrieve('cus').catch((error: unknown) => error),
    )
    const refused = await requests.at(-1)
    expect(classifyStripeError(refused)).toMatchObject({
      kind: 'again',
      afterMs: expect.any(Number),
    })
    await Promise.all(requests)
    expect(busy.arrivals.length).toBeLessThan(9)
  })

  test('requests of the background wait for their turn, and a checkout meanwhile goes before them', async () => {
    busy.refuse(false)
    const { caller, background } = createStripeClients({
      apiKey: 'sk_test_pace',
      apiBase: busy.url,
      requestsPerSecond: 20,
    })
    const order: string[] = []
    const waiting = Array.from({ length: 30 }, async () => {
      await background.customers.retrieve('cus')
      order.push('background')
    })
    await caller.customers.retrieve('cus')
    order.push('caller')
    await Promise.all(waiting)
    // Five together, those that are reserved 200 ms ahead, and as many again on a slow machine. The thirty take 1.25 seconds.
    expect(order.indexOf('caller')).toBeLessThanOrEqual(2 * (5 + 200 / 50))
    expect(order).toHaveLength(31)
  })

  test('after a 429 from Stripe no request is sent before the given time', async () => {
    busy.refuse(true)
    const stripe = client(100)
    await expect(stripe.customers.retrieve('cus')).rejects.toThrow('slow down')
    const before = busy.arrivals.length
    const next = await stripe.customers.retrieve('cus').catch((error: unknown) => error)
    expect(classifyStripeError(next)).toMatchObject({ kind: 'again' })
    expect(busy.arrivals.length).toBe(before)
  })
})
