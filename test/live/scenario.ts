import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import Stripe from 'stripe'
import { NO_TAX } from '../../domain/stripe/tax.ts'
import { createStripeClient, isLiveKey } from '../../adapters/stripe/sdk/client.ts'
import { createStripeGateway } from '../../adapters/stripe/commands/gateway.ts'
import { subscriptionId } from '../../domain/ids.ts'
import { money } from '../../domain/money.ts'
import { violationsOf } from '../packages/stripe-simulator/shape/conformance.ts'
import { stripeShapes } from '../packages/stripe-simulator/shape/shapes.ts'
import { aPlan } from '../support/builders.ts'

/** The target of a scenario: the simulator, or Stripe's test mode. */
export type Stage = { readonly apiKey: string; readonly apiBase?: string }

/** The comparable state at one moment. */
export type Moment = {
  readonly after: string
  readonly status: string
  readonly isEnding: boolean
  readonly price: number
  readonly invoices: readonly string[]
  /** Differences between answers and the pinned SDK's declarations. */
  readonly violations: readonly string[]
}

const DAY_SECONDS = 86_400
/** Stripe advances a clock by a month within some seconds. */
const CLOCK_POLL_MS = 1_000
const CLOCK_POLLS_MAX = 120

/**
 * Buys, upgrades, renews, declines, recovers and cancels on a test clock, through our own gateway where it has a method,
 * and returns Stripe's state after each step. Deleting the clock deletes all objects except
 * two products.
 */
export async function playLife(stage: Stage): Promise<Moment[]> {
  if (isLiveKey(stage.apiKey)) throw new Error('this is played in test mode alone')
  const stripe = createStripeClient(stage)
  const gateway = createStripeGateway({
    stripe,
    environment: `lane-${randomUUID().slice(0, 8)}`,
    tax: NO_TAX,
    plans: { findByStripePrice: async () => undefined },
  })
  const shapes = await stripeShapes()
  const start = Math.floor(Date.now() / 1_000)
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start })
  try {
    const moments: Moment[] = []
    const customer = await stripe.customers.create({ test_clock: clock.id })
    const useCard = async (card: string) => {
      const { id } = await stripe.paymentMethods.attach(card, { customer: customer.id })
      await stripe.customers.update(customer.id, {
        invoice_settings: { default_payment_method: id },
      })
    }
    const [small, large] = await Promise.all([pricedAt(2_000), pricedAt(5_000)])
    await useCard('pm_card_visa')
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: small }],
    })
    const ours = { subscriptionId: subscriptionId(randomUUID()), stripeSubscriptionId: id }
    const see = async (after: string) => moments.push(await momentOf(after))

    await see('it was bought')
    await gateway.changeCancellation({ ...ours, generation: 1, at: 'period_end' })
    await see('its end was planned')
    await gateway.changeCancellation({ ...ours, generation: 2, at: null })
    await see('that was withdrawn')
    const prorationDate = new Date(start * 1_000)
    await gateway.changePlanNow({
      ...ours,
      generation: 3,
      priceId: large,
      quantity: 1,
      overage: [],
      addons: null,
      span: { every: 1, unit: 'month' },
      prorationDate,
      trialEnd: null,
    })
    await see('it was upgraded')
    await advance(33 * DAY_SECONDS)
    await see('it renewed')
    await useCard('pm_card_chargeCustomerFail')
    await advance(64 * DAY_SECONDS)
    await see('a renewal was declined')
    await useCard('pm_card_visa')
    const [open] = (await stripe.invoices.list({ subscription: id, status: 'open' })).data
    await stripe.invoices.pay(open?.id ?? '')
    await see('it was paid after all')
    await gateway.changeCancellation({ ...ours, generation: 4, at: 'now' })
    await see('it was canceled')
    return moments

    async function pricedAt(minor: number): Promise<string> {
      const slug = `lane_${randomUUID()}`
      const plan = aPlan({ slug, price: money(minor, 'usd'), stripePriceId: null })
      const { priceId } = await gateway.ensurePrice(plan)
      return priceId
    }

    async function advance(seconds: number) {
      await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: start + seconds })
      for (let poll = 0; poll < CLOCK_POLLS_MAX; poll++) {
        const { status } = await stripe.testHelpers.testClocks.retrieve(clock.id)
        if (status === 'ready') return
        await wait(CLOCK_POLL_MS)
      }
      throw new Error('the test clock does not arrive')
    }

    async function momentOf(after: string): Promise<Moment> {
      const held = await stripe.subscriptions.retrieve(id)
      const invoices = await stripe.invoices.list({ subscription: id, limit: 100 })
      const wire = await Promise.all(
        [`subscriptions/${id}`, `invoices?subscription=${id}`].map(raw),
      )
      return {
        after,
        status: held.status,
        isEnding: held.cancel_at !== null || held.cancel_at_period_end,
        price: held.items.data[0]?.price.unit_amount ?? 0,
        invoices: invoices.data.map(({ status }) => status ?? 'none'),
        violations: wire.flatMap((value) => violationsOf(value, shapes)),
      }
    }
  } finally {
    await stripe.testHelpers.testClocks.del(clock.id)
  }

  async function raw(path: string): Promise<unknown> {
    const answer = await fetch(`${stage.apiBase ?? 'https://api.stripe.com'}/v1/${path}`, {
      headers: { authorization: `Bearer ${stage.apiKey}`, 'stripe-version': Stripe.API_VERSION },
    })
    return answer.json()
  }
}
