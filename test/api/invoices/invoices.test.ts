import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPayer } from '../../support/payer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const list = (user: string, query = '') => world.call('GET', `/invoices${query}`, { user })
const portal = (user: string, body: unknown) => world.call('POST', '/portal', { user, body })

describe('the invoices of a user', () => {
  test('are returned page by page, newest first, each once', async () => {
    const payer = await aPayer(world)
    await payer.toRenewal()
    await payer.toRenewal()
    const all = (await list(payer.user)).body
    expect(all.invoices).toHaveLength(3)
    expect(all).toMatchObject({ next: null, invoices: [{ status: 'paid' }, {}, {}] })
    expect(all.invoices[0].period.start).toBe((await payer.read()).period.start)
    const first = (await list(payer.user, '?limit=2')).body
    const second = (await list(payer.user, `?limit=2&after=${first.next}`)).body
    expect([...first.invoices, ...second.invoices]).toEqual(all.invoices)
    expect(second.next).toBeNull()
  })

  test('cannot be read by another user, and neither can a page after one of them', async () => {
    const payer = await aPayer(world)
    const [invoice] = await payer.invoices()
    const stranger = `user-${randomUUID()}`
    expect((await list(stranger)).body).toEqual({ invoices: [], next: null })
    expect(await list(stranger, `?after=${invoice.id}`)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'after' }] },
    })
  })

  test.each(['?limit=0', '?limit=101', '?limit=many', '?page=2'])('%s is 422', async (query) => {
    expect(await list('somebody', query)).toMatchObject({
      status: 422,
      body: { code: 'invalid_request' },
    })
  })

  test('include no drafts, because a draft can still change', async () => {
    const payer = await aPayer(world)
    const { period } = await payer.read()
    await world.advanceTo(new Date(new Date(period.end).getTime() + 60_000))
    const { rows } = await world.database.pool.query(
      `select i.status from invoices i where subscription_id = $1 order by i.status`,
      [payer.id],
    )
    expect(rows).toEqual([{ status: 'draft' }, { status: 'paid' }])
    expect(await payer.invoices()).toHaveLength(1)
  })

  test.each([
    ['on top of the price', false, { tax_minor: 300, total_minor: 1_800 }, '$3.00'],
    ['in the price', true, { tax_minor: 250, total_minor: 1_500 }, '$2.50'],
  ])('show the discount and taxes %s, also in the letter', async (_, inclusive, sums, tax) => {
    const payer = await aPayer(world)
    const rate = { display_name: 'VAT', percentage: 20, inclusive }
    const { id: vat } = await world.stripe.taxRates.create(rate)
    const { id: coupon } = await world.stripe.coupons.create({
      percent_off: 25,
      duration: 'forever',
    })
    const change = { default_tax_rates: [vat], discounts: [{ coupon }] }
    await world.stripe.subscriptions.update((await payer.stripe()).id, change)
    await payer.toRenewal()
    const [invoice] = await payer.invoices()
    expect(invoice).toMatchObject({
      subtotal_minor: 2_000,
      discount_minor: 500,
      amount_paid_minor: sums.total_minor,
      ...sums,
    })
    const [letter] = await payer.mails('renewed')
    expect(letter?.text).toContain(`Tax included: ${tax}`)
  })
})

describe('the portal', () => {
  test('opens after the first checkout, and changes there are applied here', async () => {
    const payer = await aPayer(world)
    const { status, body } = await portal(payer.user, { return_url: 'https://app.example/' })
    expect(status).toBe(201)
    const { data } = await world.stripe.subscriptions.list({ customer: payer.customerId })
    await fetch(`${body.url}/cancel`, {
      method: 'POST',
      body: new URLSearchParams({ subscription: data[0]!.id }),
    })
    await world.settled()
    const seen = await payer.read()
    expect(seen.cancel_at).toBe(seen.period.end)
  })

  test('is 404 before the first checkout, and says how to fix it', async () => {
    expect(await portal(`user-${randomUUID()}`, { return_url: 'https://a.example' })).toMatchObject(
      {
        status: 404,
        body: { code: 'customer_not_found', detail: expect.stringContaining('checkout') },
      },
    )
  })

  test.each([{}, { return_url: 'javascript:alert(1)' }, { return_url: 'nowhere' }])(
    'with %j is 422 and names the field',
    async (body) => {
      expect(await portal('somebody', body)).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'return_url' }] },
      })
    },
  )

  test('is 503 while Stripe is unavailable', async () => {
    const payer = await aPayer(world)
    await fetch(`${world.simulator.url}/_simulator/faults`, {
      method: 'POST',
      body: JSON.stringify({ kind: 'answer', status: 500, path: '/v1/billing_portal' }),
    })
    expect(await portal(payer.user, { return_url: 'https://a.example' })).toMatchObject({
      status: 503,
      body: { code: 'payment_provider_unavailable' },
    })
  })
})
