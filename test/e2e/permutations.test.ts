import fc from 'fast-check'
import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareSubscription } from '../../sync/reconciliation/comparison.ts'
import { pay } from '../support/checkout-page.ts'
import { priceOf, turn } from '../support/dashboard.ts'
import { unpaidCustomer, type Customer } from '../support/customer.ts'
import { deliver } from '../support/webhook.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let enterprise: string
beforeAll(async () => {
  world = await createWorld()
  enterprise = await priceOf(world, 'plan_enterprise')
  // The test itself delivers the webhooks.
  await turn(world, 'deliveries', { action: 'drop', count: 1_000_000 })
})
afterAll(() => world.close())

const RUNS = 15

/** Changes in Stripe's dashboard, most of them within one second. */
const ACTIONS = {
  'plans its end': (id) => world.stripe.subscriptions.update(id, { cancel_at_period_end: true }),
  'takes that back': (id) => world.stripe.subscriptions.update(id, { cancel_at_period_end: false }),
  'changes the plan': async (id) => {
    const { items } = await world.stripe.subscriptions.retrieve(id)
    const item = { id: items.data[0]!.id, price: enterprise }
    await world.stripe.subscriptions.update(id, { items: [item] })
  },
  'writes a note': (id) => world.stripe.subscriptions.update(id, { metadata: { note: 'x' } }),
  'ends it': (id) => world.stripe.subscriptions.cancel(id),
} satisfies Record<string, (stripeId: string) => Promise<unknown>>
type Action = keyof typeof ACTIONS

/** Steps that change the subscription, and steps that deliver an earlier event, possibly again. */
const aLife = fc.record({
  actions: fc.shuffledSubarray([
    'plans its end',
    'takes that back',
    'changes the plan',
    'writes a note',
  ] satisfies Action[]),
  ends: fc.boolean(),
  deliveries: fc.array(fc.nat({ max: 100 }), { minLength: 2, maxLength: 8 }),
  isReversed: fc.boolean(),
})

const eventsOf = async (payer: Customer, stripeId: string): Promise<Stripe.Event[]> => {
  const { data } = await world.stripe.events.list({ limit: 100 })
  return data.filter((event) => {
    const text = JSON.stringify(event)
    return text.includes(stripeId) || text.includes(payer.id)
  })
}
/** Stripe's present state, in our terms, and the differences from ours. */
const drift = async (id: string) =>
  compareSubscription(
    { ...world.container, stripe: world.stripe },
    await world.stripe.subscriptions.retrieve(id, {
      expand: ['customer', 'schedule', 'latest_invoice', 'discounts'],
    }),
    { isRecovery: false, at: world.clock.now() },
  )

describe('the events of a subscription, in any order, some twice and mixed with new changes,', () => {
  test(`end in the state at Stripe, and send nothing twice (${RUNS} lives)`, async () => {
    await fc.assert(
      fc.asyncProperty(aLife, async ({ actions, ends, deliveries, isReversed }) => {
        const payer = await unpaidCustomer(world)
        await pay((await payer.read()).checkout.url)
        const { id } = await payer.stripe()
        for (const [index, action] of [
          ...actions,
          ...(ends ? (['ends it'] as const) : []),
        ].entries()) {
          await ACTIONS[action](id)
          const events = await eventsOf(payer, id)
          await deliver(world, events[(deliveries[index] ?? 0) % events.length]!)
        }
        const all = await eventsOf(payer, id)
        const order = deliveries.map((at) => all[at % all.length]!)
        for (const event of [...order, ...(isReversed ? all.toReversed() : all)])
          expect((await deliver(world, event)).status).toBe(200)
        await world.settled()
        expect(await drift(id)).toBeNull()
        expect(await payer.read()).toMatchObject({ status: ends ? 'canceled' : 'active' })
        const timeline = await payer.timeline()
        expect(timeline.filter((kind) => kind === 'activated').length).toBeLessThanOrEqual(1)
        const mails = await payer.mails()
        expect(new Set(mails).size).toBe(mails.length)

        const copies = all.map((event) => ({ ...event, id: `${event.id}_${Math.random()}` }))
        for (const copy of copies) await deliver(world, copy)
        await world.settled()
        expect(await payer.timeline()).toEqual(timeline)
        expect(await payer.mails()).toEqual(mails)
      }),
      { numRuns: RUNS, endOnFailure: true, seed: Number(process.env['SEED'] ?? 20_261_123) },
    )
  })
})

describe('two changes of one second', () => {
  test.each([
    ['in order', false],
    ['the later one first', true],
  ])('are both applied in the end, delivered %s', async (_order, isReversed) => {
    const payer = await unpaidCustomer(world)
    await pay((await payer.read()).checkout.url)
    const { id } = await payer.stripe()
    for (const event of (await eventsOf(payer, id)).toReversed()) await deliver(world, event)
    await world.settled()
    const known = new Set((await eventsOf(payer, id)).map((event) => event.id))
    await ACTIONS['plans its end'](id)
    await ACTIONS['changes the plan'](id)
    const pair = (await eventsOf(payer, id)).filter((event) => !known.has(event.id))
    for (const event of isReversed ? pair : pair.toReversed()) {
      await deliver(world, event)
      await world.settled()
    }
    expect(await payer.read()).toMatchObject({ plan: { slug: 'plan_enterprise' } })
    expect((await payer.read()).cancel_at).not.toBeNull()
  })
})
