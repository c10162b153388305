import { afterAll, beforeAll, expect, test } from 'vitest'
import { daysAfter } from '../../support/days.ts'
import { subscribe, type Customer } from '../../support/customer.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

const DAYS_UNTIL_DUE = 20

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const ON_TERMS = { method: 'send_invoice', days_until_due: DAYS_UNTIL_DUE, po_number: 'PO-7' }
const AUTOMATICALLY = { method: 'charge_automatically' }

const collect = (who: Customer, body: object, key = 'bk_dev_operator') =>
  world.call('PUT', `/admin/subscriptions/${who.id}/collection`, {
    headers: { authorization: `Bearer ${key}` },
    body: { reason: 'agreed by contract', ...body },
  })

/** A customer who gets invoices instead of charges, with the first one just sent. */
async function onTerms(): Promise<{ who: Customer; issuedAt: string }> {
  const who = await subscribe(world, 'plan_pro_monthly')
  expect(await collect(who, ON_TERMS)).toMatchObject({ status: 200, body: { id: who.id } })
  const { period } = await who.read()
  await world.advanceTo(new Date(Date.parse(period.end) + 2 * 3_600_000))
  await until('it renewed', async () => (await who.read()).period.start === period.end)
  await world.settled()
  return { who, issuedAt: period.end }
}

const invoiceOf = async (who: Customer) =>
  (await world.call('GET', '/invoices', { user: who.user })).body.invoices[0]

test('an invoice that is sent gives access until it is due, with one letter about its due date', async () => {
  const { who, issuedAt } = await onTerms()
  const invoice = await invoiceOf(who)
  expect(invoice).toMatchObject({ status: 'open', amount_due_minor: 2_000 })
  expect(Date.parse(invoice.due_at)).toBeGreaterThan(daysAfter(issuedAt, DAYS_UNTIL_DUE).getTime())
  expect(await who.read()).toMatchObject({ status: 'active', has_access: true })
  expect(await who.consume(1)).toMatchObject({ outcome: 'allowed' })
  expect((await who.stripeInvoices())[0]).toMatchObject({
    custom_fields: [{ name: 'PO number', value: 'PO-7' }],
  })
  await who.ask('POST', '/sync', {}, { operator: true })
  await world.settled()
  expect(await who.mails()).toEqual(['Your invoice for Pro', 'Your Pro subscription is active'])
  await who.payInvoice()
  await until('it is paid', async () => (await invoiceOf(who)).status === 'paid')
  await world.settled()
  expect((await who.mails())[0]).toBe('Your Pro subscription was renewed')
})

test('an invoice that is not paid by its due date leaves the subscription past due, and its payment brings it back', async () => {
  const { who, issuedAt } = await onTerms()
  await world.advanceTo(daysAfter(issuedAt, DAYS_UNTIL_DUE + 1))
  await until('it is past due', async () => (await who.read()).status === 'past_due')
  await world.settled()
  expect(await who.read()).toMatchObject({ has_access: true })
  expect(await who.mails()).toEqual([
    'Your invoice for Pro is overdue',
    'Your invoice for Pro',
    'Your Pro subscription is active',
  ])
  await world.advanceTo(daysAfter(issuedAt, DAYS_UNTIL_DUE + 9))
  await until('access ended', async () => (await who.read()).has_access === false)
  await who.payInvoice()
  await until('it is active', async () => (await who.read()).status === 'active')
  expect(await who.read()).toMatchObject({ has_access: true })
})

test('a change now is credit, which only an operator gives; the card is not charged', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  await collect(who, ON_TERMS)
  const upgrade = { plan_id: 'plan_enterprise', when: 'now' }
  expect(await who.ask('PUT', '/plan', upgrade)).toMatchObject({
    status: 409,
    body: { code: 'pays_by_invoice' },
  })
  expect(await who.ask('PUT', '/plan', upgrade, { operator: true })).toMatchObject({
    status: 200,
    body: { plan: { slug: 'plan_enterprise' }, pending_change: null },
  })
  expect((await who.stripeInvoices())[0]).toMatchObject({
    billing_reason: 'subscription_update',
    collection_method: 'send_invoice',
    amount_paid: 0,
  })
})

test('terms may be given, ended and given again, and keep the fields of others on the invoice', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  const { id } = await who.stripe()
  const contract = { name: 'Contract', value: '4711' }
  await world.stripe.subscriptions.update(id, { invoice_settings: { custom_fields: [contract] } })
  const stateOf = async () => {
    const { collection_method: method, invoice_settings: settings } = await who.stripe()
    return [method, settings.custom_fields?.map(({ value }) => value)]
  }
  await collect(who, ON_TERMS)
  expect(await stateOf()).toEqual(['send_invoice', ['PO-7', '4711']])
  await collect(who, AUTOMATICALLY)
  expect(await stateOf()).toEqual(['charge_automatically', ['4711']])
  // The same request as the first one, with a key of its own: it is a new command.
  await collect(who, ON_TERMS)
  expect(await stateOf()).toEqual(['send_invoice', ['PO-7', '4711']])
  const { body } = await world.call('GET', `/admin/users/${who.user}/actions`, {
    headers: { authorization: 'Bearer bk_dev_operator' },
  })
  expect(body.actions.map(({ action }: { action: string }) => action)).toEqual([
    'change_collection',
    'change_collection',
    'change_collection',
  ])
})

test('terms are an operator’s to give, for a paid plan, in whole days, and not while a change is pending', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  expect((await collect(who, ON_TERMS, 'bk_dev_app')).status).toBe(403)
  const wrong = [
    { method: 'send_invoice' },
    { ...ON_TERMS, days_until_due: 0 },
    { ...ON_TERMS, days_until_due: 366 },
    { ...AUTOMATICALLY, days_until_due: 30 },
    { ...AUTOMATICALLY, po_number: 'PO-7' },
  ]
  for (const body of wrong) expect((await collect(who, body)).status).toBe(422)
  const change = { plan_id: 'plan_enterprise', when: 'period_end' }
  expect((await who.ask('PUT', '/plan', change)).status).toBe(200)
  expect(await collect(who, ON_TERMS)).toMatchObject({ body: { code: 'change_pending' } })
  expect((await who.stripe()).collection_method).toBe('charge_automatically')
  const free = await subscribe(world, 'plan_free')
  expect(await collect(free, ON_TERMS)).toMatchObject({ body: { code: 'nothing_to_collect' } })
})
