import fc from 'fast-check'
import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { aCustomer, aPrice, aWorld, knob, type World } from './support.ts'

type Life = World & { readonly customer: string; readonly id: string; readonly prices: string[] }

/** Possible actions on a subscription; refused calls are included. */
type Happening =
  | { readonly kind: 'days'; readonly days: number }
  | {
      readonly kind: 'plan'
      readonly price: number
      readonly prorates: 'always_invoice' | 'create_prorations' | 'none'
      readonly waits: boolean
    }
  | {
      readonly kind: 'card'
      readonly behaviour:
        'succeeds' | 'declines' | 'authenticates' | 'takes_days' | 'fails_after_days'
    }
  | { readonly kind: 'cancel at end'; readonly on: boolean }
  | { readonly kind: 'pause' | 'resume' | 'pay' | 'end trial' }

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('days' as const),
      days: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('plan' as const),
      price: fc.integer({ min: 0, max: 3 }),
      prorates: fc.constantFrom(
        'always_invoice' as const,
        'create_prorations' as const,
        'none' as const,
      ),
      waits: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('card' as const),
      behaviour: fc.constantFrom(
        'succeeds' as const,
        'declines' as const,
        'authenticates' as const,
        'takes_days' as const,
        'fails_after_days' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cancel at end' as const), on: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'pause' as const,
        'resume' as const,
        'pay' as const,
        'end trial' as const,
      ),
    }),
  },
)

async function aLife(trial: boolean): Promise<Life> {
  const world = await aWorld({ startsAt: '2026-01-31T12:00:00Z' })
  const { stripe } = world
  const prices: string[] = []
  for (const [unit_amount, interval] of [
    [1_500, 'month'],
    [333, 'month'],
    [9_999, 'month'],
    [12_000, 'year'],
  ] as const) {
    prices.push((await aPrice(stripe, { unit_amount, recurring: { interval } })).id)
  }
  const { id: customer } = await aCustomer(stripe, 'pm_card_visa')
  const { id } = await stripe.subscriptions.create({
    customer,
    items: [{ price: prices[0]! }],
    ...(trial && { trial_period_days: 10 }),
  })
  return { ...world, customer, id, prices }
}

async function happen(life: Life, happening: Happening): Promise<void> {
  const { customer, clock, simulator } = life
  if (happening.kind === 'days') {
    clock.advance(happening.days * 86_400)
    return simulator.settle()
  }
  if (happening.kind === 'card') {
    await knob(simulator.url, 'PUT', 'cards', { customer, behaviour: happening.behaviour })
    return
  }
  try {
    await perform(life, happening)
  } catch (error) {
    // Refusals are expected; any other error is a bug.
    if (!(error instanceof Stripe.errors.StripeError) || (error.statusCode ?? 500) >= 500)
      throw error
  }
}

async function perform({ stripe, id, prices }: Life, happening: Happening): Promise<unknown> {
  const held = await stripe.subscriptions.retrieve(id)
  switch (happening.kind) {
    case 'plan':
      return stripe.subscriptions.update(id, {
        items: [{ id: held.items.data[0]!.id, price: prices[happening.price]! }],
        proration_behavior: happening.prorates,
        payment_behavior: happening.waits ? 'pending_if_incomplete' : 'allow_incomplete',
      })
    case 'cancel at end':
      return stripe.subscriptions.update(id, { cancel_at_period_end: happening.on })
    case 'pause':
      return stripe.subscriptions.pause(id)
    case 'resume':
      return stripe.subscriptions.resume(id)
    case 'end trial':
      return stripe.subscriptions.update(id, { trial_end: 'now' })
    case 'pay':
      return typeof held.latest_invoice === 'string'
        ? stripe.invoices.pay(held.latest_invoice)
        : undefined
    case 'days':
    case 'card':
      return undefined
  }
}

/** Violations of the properties that hold at any instant. */
async function findings(life: Life, before: string): Promise<string[]> {
  const { stripe, clock, customer, id } = life
  const now = clock.now().getTime() / 1000
  const subscription = await stripe.subscriptions.retrieve(id)
  const invoices = (await stripe.invoices.list({ subscription: id, limit: 100 })).data
  const paid = invoices.reduce((sum, invoice) => sum + invoice.amount_paid, 0)
  const charges = (await stripe.charges.list({ customer, limit: 100 })).data
  const charged = charges.reduce((sum, charge) => sum + (charge.paid ? charge.amount : 0), 0)
  const { current_period_start: start, current_period_end: end } = subscription.items.data[0]!
  const runs = ![...OVER, 'paused', 'incomplete'].includes(subscription.status)
  return [
    ...invoices.flatMap(findingsOfInvoice),
    ...finding(charged !== paid, `${charged} was charged for invoices of ${paid}`),
    ...finding(OVER.includes(before) && subscription.status !== before, `came back from ${before}`),
    ...finding(runs && !(start <= now && now < end), `the period ${start} to ${end} misses ${now}`),
    ...(await findingsOfEvents(stripe, subscription)),
  ]
}

const OVER = ['canceled', 'incomplete_expired']
const finding = (isWrong: boolean, what: string) => (isWrong ? [what] : [])

/** The latest event must contain the same state as a direct read. */
async function findingsOfEvents(stripe: Stripe, asked: Stripe.Subscription): Promise<string[]> {
  const kinds = ['created', 'updated', 'deleted', 'paused', 'resumed']
  const types = kinds.map((each) => `customer.subscription.${each}`)
  const [last] = (await stripe.events.list({ types, limit: 1 })).data
  if (last?.type.startsWith('customer.subscription.') !== true) return []
  const known = (each: object) =>
    JSON.stringify(KNOWN.map((name) => [name, Reflect.get(each, name)]))
  const [reported, held] = [known(last.data.object), known(asked)]
  return finding(reported !== held, `the last event reported ${reported}, not ${held}`)
}

const KNOWN = ['status', 'cancel_at', 'pending_update', 'latest_invoice', 'billing_cycle_anchor']

function findingsOfInvoice(invoice: Stripe.Invoice): string[] {
  const { amount_due: due, amount_paid: paid, amount_remaining: left, total, id } = invoice
  const lines = invoice.lines.data.reduce((sum, { amount }) => sum + amount, 0)
  const owed = total + invoice.starting_balance
  const isDraft = invoice.status === 'draft'
  return [
    ...finding(invoice.subtotal !== lines, `${id}: the lines do not add up`),
    ...finding(!isDraft && due !== Math.max(0, owed), `${id}: ${due} is due of ${owed}`),
    ...finding(!isDraft && invoice.ending_balance !== Math.min(0, owed), `${id}: wrong balance`),
    ...finding(!isDraft && paid + left !== due, `${id}: ${paid} and ${left} are not ${due}`),
    ...finding(invoice.status === 'paid' && left !== 0, `${id}: paid, but ${left} is left`),
  ]
}

test('after any changes, the invoices of a subscription add up, its period contains the present and its events report everything', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(happenings, { minLength: 3, maxLength: 14 }),
      async (trial, events) => {
        const life = await aLife(trial)
        for (const event of events) {
          const { status } = await life.stripe.subscriptions.retrieve(life.id)
          await happen(life, event)
          expect(await findings(life, status)).toEqual([])
        }
        await life.simulator.close()
      },
    ),
    { numRuns: 15 },
  )
})
