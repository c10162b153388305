import { expect, test } from 'vitest'
import { aSubscription, aWorld, idOf, idsOf, refusalOf } from './support.ts'

test('lists are newest first, page in both directions and say whether there is more', async () => {
  const { stripe } = await aWorld()
  const ids: string[] = []
  for (let n = 0; n < 7; n += 1) ids.unshift((await stripe.customers.create()).id)

  const first = await stripe.customers.list({ limit: 3 })
  expect([idsOf(first), first.has_more]).toEqual([ids.slice(0, 3), true])
  const second = await stripe.customers.list({ limit: 3, starting_after: ids[2]! })
  expect([idsOf(second), second.has_more]).toEqual([ids.slice(3, 6), true])
  const last = await stripe.customers.list({ limit: 3, starting_after: ids[5]! })
  expect([idsOf(last), last.has_more]).toEqual([ids.slice(6), false])
  const back = await stripe.customers.list({ limit: 3, ending_before: ids[5]! })
  expect([idsOf(back), back.has_more]).toEqual([ids.slice(2, 5), true])
  const start = await stripe.customers.list({ limit: 3, ending_before: ids[2]! })
  expect([idsOf(start), start.has_more]).toEqual([ids.slice(0, 2), false])

  const walked: string[] = []
  for await (const { id } of stripe.customers.list({ limit: 2 })) walked.push(id)
  expect(walked).toEqual(ids)
  const backwards: string[] = []
  for await (const { id } of stripe.customers.list({ limit: 2, ending_before: ids[6]! })) {
    backwards.push(id)
  }
  expect(backwards).toEqual(ids.slice(0, 6).toReversed())
})

test('a page holds at most a hundred, and an unknown cursor is refused', async () => {
  const { stripe } = await aWorld()
  expect(await refusalOf(stripe.customers.list({ limit: 101 }))).toMatchObject({ param: 'limit' })
  expect(await refusalOf(stripe.customers.list({ limit: 0 }))).toMatchObject({ param: 'limit' })
  expect(await refusalOf(stripe.customers.list({ starting_after: 'cus_none' }))).toMatchObject({
    code: 'resource_missing',
    param: 'starting_after',
  })
})

test('lists are narrowed by what they document', async () => {
  const { stripe, clock } = await aWorld()
  const gone = await aSubscription(stripe)
  await stripe.subscriptions.cancel(gone.id)
  clock.advance(10)
  const live = await aSubscription(stripe)
  expect(idsOf(await stripe.subscriptions.list())).toEqual([live.id])
  expect(idsOf(await stripe.subscriptions.list({ status: 'all' }))).toEqual([live.id, gone.id])
  expect(idsOf(await stripe.subscriptions.list({ status: 'canceled' }))).toEqual([gone.id])
  const since = { status: 'all' as const, created: { gte: live.created } }
  expect(idsOf(await stripe.subscriptions.list(since))).toEqual([live.id])
  const customer = idOf(gone.customer)
  expect(idsOf(await stripe.subscriptions.list({ customer, status: 'all' }))).toEqual([gone.id])
  const types = ['customer.subscription.deleted', 'customer.subscription.created']
  expect((await stripe.events.list({ types })).data.map(({ type }) => type)).toEqual([
    'customer.subscription.created',
    'customer.subscription.deleted',
    'customer.subscription.created',
  ])
})

test('events older than thirty days are gone', async () => {
  const { stripe, clock } = await aWorld()
  await stripe.customers.create()
  const [event] = (await stripe.events.list()).data
  clock.advance(30 * 86_400 + 1)
  expect((await stripe.events.list()).data).toEqual([])
  expect(await refusalOf(stripe.events.retrieve(event!.id))).toMatchObject({ statusCode: 404 })
})

test('expanding replaces ids by objects, through lists and four levels deep', async () => {
  const { stripe } = await aWorld()
  const { id } = await aSubscription(stripe)
  const plain = await stripe.subscriptions.retrieve(id)
  expect(plain.customer).toMatch(/^cus_/)
  expect(plain.latest_invoice).toMatch(/^in_/)
  const deep = await stripe.subscriptions.retrieve(id, {
    expand: [
      'customer.invoice_settings.default_payment_method',
      'items.data.price.product',
      'latest_invoice.payments.data.payment.payment_intent',
    ],
  })
  expect(deep).toMatchObject({
    customer: { invoice_settings: { default_payment_method: { card: { last4: '4242' } } } },
    items: { data: [{ price: { product: { name: 'Pro' } } }] },
    latest_invoice: {
      payments: { data: [{ payment: { payment_intent: { status: 'succeeded' } } }] },
    },
  })
  const list = await stripe.subscriptions.list({ expand: ['data.customer'] })
  expect(list.data[0]?.customer).toMatchObject({ email: 'ana@example.com' })
})

test('a path that does not exist, or leaves out `data.` of a list, is refused', async () => {
  const { stripe } = await aWorld()
  const { id } = await aSubscription(stripe)
  for (const path of ['owner', 'latest_invoice.payment_intent', 'status', 'items.data']) {
    const refused = await refusalOf(stripe.subscriptions.retrieve(id, { expand: [path] }))
    expect(refused).toMatchObject({ statusCode: 400, message: expect.stringContaining(path) })
  }
  const listed = await refusalOf(stripe.subscriptions.list({ expand: ['customer'] }))
  expect(listed.message).toContain("'data.customer'")
})
