import { afterAll, beforeAll, expect, test } from 'vitest'
import { idOf } from '../../adapters/stripe/reading/ids.ts'
import type { ReconciliationInput } from '../../workflows/reconciliation-contract.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

const DAY_MS = 86_400_000

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** The nightly comparison, now. */
async function compare(given: Partial<ReconciliationInput> = {}) {
  const { reconciliations } = world.container
  const input = { cause: 'test', scope: 'all', dryRun: false, repairsMax: 100, ...given } as const
  await reconciliations.result(await reconciliations.start(input))
  await world.settled()
}

/** The customer's card, and the month in which the subscription renews. */
async function cardOf({ stripe }: Customer) {
  const { default_payment_method: own, customer, items } = await stripe()
  const held = await world.stripe.customers.retrieve(idOf(customer) ?? '')
  if (held.deleted === true) throw new Error('the customer was deleted')
  const id = idOf(own ?? held.invoice_settings.default_payment_method)
  if (id === null) throw new Error('there is no card')
  return {
    id,
    customer: held.id,
    renewal: new Date((items.data[0]?.current_period_end ?? 0) * 1_000),
  }
}

/** The last month of a card that is valid until `months` months before the renewal. */
const expiry = (renewal: Date, months: number) => {
  const last = new Date(Date.UTC(renewal.getUTCFullYear(), renewal.getUTCMonth() - months, 1))
  return { exp_month: last.getUTCMonth() + 1, exp_year: last.getUTCFullYear() }
}

async function withExpiringCard(given: Parameters<typeof subscribe>[2] = {}) {
  const who = await subscribe(world, 'plan_pro_yearly', given)
  const { id, renewal } = await cardOf(who)
  await world.stripe.paymentMethods.update(id, { card: expiry(renewal, 1) })
  return who
}

const letters = async ({ email }: Customer) =>
  (await world.mailsTo(email)).filter(({ subject }) => /update your card|Atualize/.test(subject))

test('a customer is reminded once, 30 days before the first renewal that the card misses', async () => {
  const reminded = await withExpiringCard()
  const portuguese = await withExpiringCard({ body: { locale: 'pt-BR' } })
  const replaced = await withExpiringCard()
  const leaving = await withExpiringCard()
  const invoiced = await withExpiringCard()
  const all = [reminded, portuguese, replaced, leaving, invoiced]
  const count = () => Promise.all(all.map(async (each) => (await letters(each)).length))
  const { id, customer, renewal } = await cardOf(reminded)

  await world.advanceTo(new Date(renewal.getTime() - 31 * DAY_MS))
  await compare()
  expect(await count()).toEqual([0, 0, 0, 0, 0])

  // Stripe updates cards by itself, without a word from the customer.
  await world.stripe.paymentMethods.update((await cardOf(replaced)).id, {
    card: expiry(renewal, -24),
  })
  await leaving.ask('PUT', '/cancellation', { when: 'period_end' })
  await world.stripe.subscriptions.update((await invoiced.stripe()).id, {
    collection_method: 'send_invoice',
    days_until_due: 14,
  })
  await world.settled()
  await world.advanceTo(new Date(renewal.getTime() - 30 * DAY_MS + 3_600_000))
  await compare({ dryRun: true })
  expect(await count()).toEqual([0, 0, 0, 0, 0])
  await compare()
  await compare()
  expect(await count()).toEqual([1, 1, 0, 0, 0])

  const [english] = await letters(reminded)
  const [brazilian] = await letters(portuguese)
  expect(english!.text).toMatch(/card ending in 4242 has the expiry date \w+ \d+, \d{4}/)
  expect(english!.text).toMatch(/Use another card: \S+/)
  expect(english!.html).toContain('Use another card')
  expect(brazilian!.text).toMatch(/cartão com final 4242 tem a data de validade/)

  // Another card that misses the renewal, too: one more letter. Then one that does not.
  const use = async (token: string, months: number) => {
    const { id: method } = await world.stripe.paymentMethods.attach(token, { customer })
    await world.stripe.paymentMethods.update(method, { card: expiry(renewal, months) })
    await world.stripe.subscriptions.update((await reminded.stripe()).id, {
      default_payment_method: method,
    })
    await world.settled()
    await compare()
  }
  await use('pm_card_mastercard', 1)
  expect(await letters(reminded)).toHaveLength(2)
  await use('pm_card_visa', -24)
  expect(await letters(reminded)).toHaveLength(2)
  expect(id).not.toBe((await cardOf(reminded)).id)
})
