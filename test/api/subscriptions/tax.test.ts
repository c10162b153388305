import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { idOf } from '../../../adapters/stripe/reading/ids.ts'
import { compareSubscription } from '../../../sync/reconciliation/comparison.ts'
import { newUser, subscribe, type Customer } from '../../support/customer.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

const SECRET = 'a secret of a test that is long enough'
const tokenOf = (user: string): Promise<string> =>
  new SignJWT({ sub: user, exp: Math.floor(world.clock.now().getTime() / 1_000) + 3_600 })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET))

let world: World
beforeAll(async () => {
  world = await createWorld({
    access: { userTokens: { secret: SECRET } },
    tax: { automatic: true, taxIds: true, billingAddress: 'auto', behavior: 'exclusive' },
  })
})
afterAll(() => world.close())

const aBuyer = (page: Readonly<Record<string, string>>, body: object = {}) =>
  subscribe(world, 'plan_pro_monthly', { page, body })
const operate = (who: Customer, method: string, path: string, body?: object) =>
  who.ask(method, path, body, { operator: true })

async function toRenewal(who: Customer): Promise<void> {
  const { period } = await who.read()
  await world.advanceTo(new Date(Date.parse(period.end) + 2 * 3_600_000))
  await until('it renewed', async () => (await who.read()).period.start === period.end)
}

test('a page of a deployment with tax takes the country of the customer, and the subscription stays taxed', async () => {
  const who = await aBuyer({ country: 'DE' })
  expect(await who.read()).toMatchObject({ status: 'active', has_access: true })
  const { body } = await world.call('GET', '/invoices', { user: who.user })
  expect(body.invoices[0]).toMatchObject({
    subtotal_minor: 2_000,
    tax_minor: 380,
    total_minor: 2_380,
    amount_paid_minor: 2_380,
  })
  // Each of these writes to Stripe; none of them may drop the tax.
  const scheduled = { plan_id: 'plan_pro_monthly', quantity: 2, when: 'period_end' }
  expect((await operate(who, 'PUT', '/plan', scheduled)).status).toBe(200)
  await toRenewal(who)
  expect(await who.stripe()).toMatchObject({ automatic_tax: { enabled: true } })
  expect((await who.stripeInvoices())[0]).toMatchObject({ subtotal: 4_000, total: 4_760 })
  expect((await operate(who, 'PUT', '/pause', {})).status).toBe(200)
  expect((await operate(who, 'DELETE', '/pause')).status).toBe(200)
  await toRenewal(who)
  expect((await who.stripeInvoices())[0]).toMatchObject({ total: 4_760, amount_paid: 4_760 })
})

test('a preview has the tax of the change, and the change charges it', async () => {
  const who = await aBuyer({ country: 'FR' })
  const change = { plan_id: 'plan_enterprise', when: 'now' }
  const { body: preview } = await who.ask('POST', '/plan/preview', change)
  expect(preview.tax_minor).toBe(Math.round(preview.subtotal_minor / 5))
  expect(preview.total_minor).toBe(preview.subtotal_minor + preview.tax_minor)
  expect(preview.amount_due.amount_minor).toBe(preview.total_minor)
  await who.ask('PUT', '/plan', { ...change, proration_date: preview.proration_date })
  expect((await who.stripeInvoices())[0]).toMatchObject({
    total: preview.total_minor,
    amount_paid: preview.total_minor,
  })
})

test('a business with a tax id pays the tax itself', async () => {
  const who = await aBuyer({ country: 'FR', tax_id: 'FR12345678901' })
  expect((await who.stripeInvoices())[0]).toMatchObject({
    total: 2_000,
    customer_tax_ids: [{ type: 'eu_vat', value: 'FR12345678901' }],
    total_taxes: [{ amount: 0, taxability_reason: 'reverse_charge' }],
  })
})

test('an application may turn tax off for one page, and a user may not', async () => {
  const who = await aBuyer({ country: 'DE' }, { automatic_tax: false })
  expect((await who.stripeInvoices())[0]).toMatchObject({ total: 2_000, total_taxes: [] })
  for (const given of [
    { automatic_tax: false },
    { tax_id_collection: true },
    { billing_address_collection: 'auto' },
  ]) {
    const user = newUser()
    const refused = await world.call('POST', '/subscriptions/checkout', {
      headers: { authorization: `Bearer ${await tokenOf(user)}` },
      body: { plan_id: 'plan_pro_monthly', ...given },
    })
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', errors: [{ field: Object.keys(given)[0] }] },
    })
  }
})

test('a renewal without a location is paid without tax, keeps access, and is reported', async () => {
  const who = await aBuyer({ country: 'DE' })
  await world.stripe.customers.update(idOf((await who.stripe()).customer) ?? '', { address: '' })
  await toRenewal(who)
  expect(await who.read()).toMatchObject({ status: 'active', has_access: true })
  expect((await who.stripeInvoices())[0]).toMatchObject({ total: 2_000, amount_paid: 2_000 })
  const found = await compareSubscription(
    { ...world.container, stripe: world.stripe },
    await world.stripe.subscriptions.retrieve((await who.stripe()).id, {
      expand: ['customer', 'schedule', 'latest_invoice', 'discounts'],
    }),
    { isRecovery: false, at: world.clock.now() },
  )
  expect(found).toMatchObject({ kind: 'tax_not_calculated', subscriptionId: who.id })
})
