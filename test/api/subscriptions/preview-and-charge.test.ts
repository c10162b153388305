import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sell } from '../../support/plans.ts'
import { subscribe } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

const PLANS = [
  'plan_pro_monthly',
  'plan_pro_yearly',
  'plan_enterprise',
  'plan_odd',
  'plan_odd_yearly',
  'plan_odd_quarterly',
  'plan_odd_weeks',
]
const HOUR_MS = 3_600_000
const CHANGES = 8

let world: World
beforeAll(async () => {
  world = await createWorld()
  // Prices that cannot be divided evenly by days.
  await sell(world, { slug: 'plan_odd', priceMinor: 1_337 })
  await sell(world, { slug: 'plan_odd_yearly', priceMinor: 13_007, period: 'yearly' })
  await sell(world, { slug: 'plan_odd_quarterly', priceMinor: 3_331, period: '3 months' })
  await sell(world, { slug: 'plan_odd_weeks', priceMinor: 1_709, period: '6 weeks' })
})
afterAll(() => world.close())

/** One step of a subscription: the plan, the hours before it, and the seconds between preview and change. */
const steps = fc.array(
  fc.record({
    plan: fc.constantFrom(...PLANS),
    hours: fc.integer({ min: 1, max: 24 * 40 }),
    readsForMinutes: fc.integer({ min: 0, max: 50 }),
  }),
  { minLength: CHANGES, maxLength: CHANGES },
)

test.each([1, 2, 3])(
  'a plan change charges exactly the previewed amount, after any history (seed %i)',
  async (seed) => {
    const who = await subscribe(world, 'plan_pro_monthly')
    const later = (ms: number) => world.advanceTo(new Date(world.clock.now().getTime() + ms))
    const seen: string[] = ['plan_pro_monthly']
    const [life = []] = fc.sample(steps, { seed, numRuns: 1 })
    for (const { plan, hours, readsForMinutes } of life) {
      await later(hours * HOUR_MS)
      if (plan === (await who.read()).plan.slug) continue
      const given = { plan_id: plan, when: 'now' }
      const { body: preview } = await who.ask('POST', '/plan/preview', given, { operator: true })
      await later((readsForMinutes * HOUR_MS) / 60)
      const balance = await balanceOf()
      const { proration_date } = preview
      const changed = await who.ask(
        'PUT',
        '/plan',
        { ...given, proration_date },
        { operator: true },
      )
      expect(changed).toMatchObject({ status: 200, body: { plan: { slug: plan } } })
      const [invoice] = await who.stripeInvoices()
      seen.push(plan)
      expect({ seen, charged: invoice?.amount_due }).toEqual({
        seen,
        charged: preview.amount_due.amount_minor,
      })
      const total = preview.lines.reduce(
        (sum: number, line: { amount_minor: number }) => sum + line.amount_minor,
        0,
      )
      // A credit that is larger than the charge remains for later invoices.
      expect(invoice?.total).toBe(total)
      expect((await balanceOf()) - balance).toBe(total - (invoice?.amount_due ?? 0))
    }
    expect(seen.length).toBeGreaterThan(CHANGES / 2)

    async function balanceOf(): Promise<number> {
      const customer = await world.stripe.customers.retrieve(
        (await who.stripe()).customer as string,
      )
      if (customer.deleted) throw new Error('the customer is gone')
      return customer.balance
    }
  },
)
