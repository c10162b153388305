import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { NO_TAX } from '../../../../domain/stripe/tax.ts'
import { createStripeClient } from '../../../../adapters/stripe/sdk/client.ts'
import { classifyStripeError } from '../../../../adapters/stripe/sdk/errors.ts'
import { createStripeGateway } from '../../../../adapters/stripe/commands/gateway.ts'
import type { PlanVersion } from '../../../../domain/catalogue/plan.ts'
import { aWorld, KEY, knob } from '../../../packages/stripe-simulator/support.ts'

const BUYERS = 10

const PLAN: PlanVersion = {
  id: randomUUID(),
  planId: randomUUID(),
  slug: 'plan_of_many',
  name: 'Of many',
  rank: 1,
  kind: 'base',
  fits: null,
  productLine: 'main',
  version: 1,
  period: 'monthly',
  price: { amountMinor: 900, currency: 'usd' },
  trialDays: 0,
  features: [],
  stripePriceId: null,
  isOffer: false,
  offerEndsAt: null,
}

test.each([
  ['its product', '/v1/products'],
  ['its price', '/v1/prices'],
])(
  'when many customers buy a new plan at the same time, none fails although Stripe creates %s and answers 500',
  async (_what, path) => {
    const { simulator, stripe } = await aWorld()
    await knob(simulator.url, 'POST', 'faults', {
      kind: 'commit_then_answer',
      status: 500,
      count: 1,
      method: 'POST',
      path,
    })
    const gateway = createStripeGateway({
      stripe: createStripeClient({ apiKey: KEY, apiBase: simulator.url }),
      environment: 'test',
      tax: NO_TAX,
      plans: { findByStripePrice: async () => undefined },
    })
    /** Retries like an activity. */
    const ensure = async (): Promise<string> => {
      try {
        return (await gateway.ensurePrice(PLAN)).priceId
      } catch (error) {
        if (classifyStripeError(error)?.kind !== 'again') throw error
        return ensure()
      }
    }
    const prices = await Promise.all(Array.from({ length: BUYERS }, ensure))
    const { data } = await stripe.prices.list({ product: 'perennial_plan_of_many' })
    expect(data).toHaveLength(1)
    expect(new Set(prices)).toEqual(new Set(data.map(({ id }) => id)))
  },
)
