import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  createStripeGateway,
  type StripeGateway,
} from '../../../../adapters/stripe/commands/gateway.ts'
import { NO_TAX } from '../../../../domain/stripe/tax.ts'
import { createStripeClient } from '../../../../adapters/stripe/sdk/client.ts'
import { subscriptionId } from '../../../../domain/ids.ts'
import {
  aPrice,
  aSubscription,
  aWorld,
  KEY,
  knob,
  type World,
} from '../../../packages/stripe-simulator/support.ts'
import { HISTORIES, readHistory } from '../../../replay/history-file.ts'

const HOUR = 3_600
/** Longer than Stripe keeps a key. */
const LATE = 25 * HOUR
/** No write to Stripe is retried after this time, so Stripe still has its key at each retry. */
const RETRIED_FOR = 23 * HOUR

const gatewayTo = ({ simulator }: World): StripeGateway =>
  createStripeGateway({
    stripe: createStripeClient({ apiKey: KEY, apiBase: simulator.url }),
    environment: 'test',
    tax: NO_TAX,
    plans: { findByStripePrice: async () => undefined },
  })

type Subject = {
  readonly world: World
  readonly target: {
    readonly subscriptionId: ReturnType<typeof subscriptionId>
    readonly stripeSubscriptionId: string
    readonly generation: number
  }
}

async function aSubject(trialDays = 0): Promise<Subject> {
  const world = await aWorld()
  const { id } = await aSubscription(world.stripe, {
    ...(trialDays > 0 && { trial_period_days: trialDays }),
  })
  const target = {
    subscriptionId: subscriptionId(randomUUID()),
    stripeSubscriptionId: id,
    generation: 1,
  }
  return { world, target }
}

/** Everything that a request carried out twice would change. */
async function tracesOf({ world: { stripe }, target }: Subject) {
  const subscription = target.stripeSubscriptionId
  const [invoices, schedules, { cancel_at_period_end, items }] = await Promise.all([
    stripe.invoices.list({ subscription, limit: 100 }),
    stripe.subscriptionSchedules.list({ limit: 100 }),
    stripe.subscriptions.retrieve(subscription),
  ])
  return {
    invoices: invoices.data.map(({ total }) => total),
    schedules: schedules.data.length,
    cancel_at_period_end,
    prices: items.data.map(({ price }) => price.id),
  }
}

/** A change to a price of one unit, without metered prices. */
const plainly = (priceId: string) =>
  ({ priceId, quantity: 1, overage: [], addons: null, span: { every: 1, unit: 'month' } }) as const

type Order = (subject: Subject, gateway: StripeGateway) => Promise<unknown>

const dearer = async ({ world }: Subject): Promise<string> =>
  (await aPrice(world.stripe, { unit_amount: 5_000, lookup_key: 'dearer' })).id

const CHANGES = '/v1/subscriptions/'
/** The commands of a workflow. Each order sends the same parameters at every retry. */
const ORDERS: readonly (readonly [string, string, () => Promise<Subject>, () => Order])[] = [
  [
    'a cancellation',
    CHANGES,
    () => aSubject(),
    () => (subject, gateway) => gateway.changeCancellation({ ...subject.target, at: 'period_end' }),
  ],
  [
    'a plan change now',
    CHANGES,
    () => aSubject(),
    () => {
      let priceId: string | undefined
      return async (subject, gateway) => {
        priceId ??= await dearer(subject)
        const prorationDate = new Date('2026-01-31T10:00:00Z')
        const timing = { prorationDate, trialEnd: null }
        await gateway.changePlanNow({ ...subject.target, ...plainly(priceId), ...timing })
      }
    },
  ],
  [
    'a plan change at the end of the period',
    '/v1/subscription_schedules',
    () => aSubject(),
    () => {
      let priceId: string | undefined
      return async (subject, gateway) => {
        priceId ??= await dearer(subject)
        await gateway.schedulePlanChange({ ...subject.target, ...plainly(priceId) })
      }
    },
  ],
  [
    'a pause',
    CHANGES,
    () => aSubject(),
    () =>
      ({ target }, gateway) =>
        gateway.pause(target),
  ],
  [
    'the end of a trial',
    CHANGES,
    () => aSubject(14),
    () =>
      ({ target }, gateway) =>
        gateway.changeTrial({ ...target, endsAt: 'now' }),
  ],
]

describe('a request whose response was lost, retried after Stripe has deleted its key,', () => {
  test.each(ORDERS)('%s is carried out once', async (_what, path, make, orderOf) => {
    const subject = await make()
    const { world } = subject
    const [gateway, order] = [gatewayTo(world), orderOf()]
    const lose = { kind: 'commit_then_answer', status: 500, count: 1, method: 'POST', path }
    await knob(world.simulator.url, 'POST', 'faults', lose)
    await expect(order(subject, gateway)).rejects.toThrow('An unknown error occurred.')
    world.clock.advance(LATE)
    await order(subject, gateway)
    const once = await tracesOf(subject)
    world.clock.advance(LATE)
    await order(subject, gateway)
    expect(await tracesOf(subject)).toEqual(once)
  })
})

describe('a customer, which a retry cannot find at Stripe,', () => {
  const customer = { userId: 'ada', email: null, name: null, generation: 1 }

  test('is the same for as long as the request is retried, and another one a day later', async () => {
    const world = await aWorld()
    const gateway = gatewayTo(world)
    const first = await gateway.createCustomer(customer)
    world.clock.advance(RETRIED_FOR)
    expect(await gateway.createCustomer(customer)).toBe(first)
    world.clock.advance(LATE - RETRIED_FOR)
    expect(await gateway.createCustomer(customer)).not.toBe(first)
  })

  const WRITES = new Set([
    'openCheckout',
    'changeCancellation',
    'changePlan',
    'withdrawPlanChange',
    'pause',
    'resume',
    'changeTrial',
  ])
  test('is retried for 23 hours and no longer, in every history', () => {
    const names = readdirSync(HISTORIES).filter((name) => name.endsWith('.json'))
    const scheduled = names
      .flatMap((name) => readHistory(name).events)
      .map((event) => event.activityTaskScheduledEventAttributes)
      .filter((each) => WRITES.has(each?.activityType?.name ?? ''))
    expect(new Set(scheduled.map((each) => each?.activityType?.name)).size).toBeGreaterThan(3)
    const longest = scheduled.map((each) => Number(each?.scheduleToCloseTimeout?.seconds))
    expect(Math.max(...longest)).toBe(RETRIED_FOR)
  })
})
