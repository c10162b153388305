import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aReceiver, aSubscription, aWorld, eventTypes, sdkFor } from './support.ts'

const aPath = () => join(mkdtempSync(join(tmpdir(), 'simulator-')), 'stripe.ndjson')

/** The file that a process killed at this moment would leave. */
function remains(path: string): string {
  const left = aPath()
  copyFileSync(path, left)
  return left
}

test('what was answered before the process was killed is there afterwards', async () => {
  const journalPath = aPath()
  const { stripe } = await aWorld({ journalPath })
  const idempotencyKey = 'customer-1'
  const customer = await stripe.customers.create({ email: 'x@example.com' }, { idempotencyKey })
  const { id } = await aSubscription(stripe)
  const before = {
    subscription: await stripe.subscriptions.retrieve(id),
    events: await eventTypes(stripe),
  }

  const next = await aWorld({ journalPath: remains(journalPath) })
  expect(await next.stripe.subscriptions.retrieve(id)).toEqual(before.subscription)
  expect(await eventTypes(next.stripe)).toEqual(before.events)
  const repeat = await next.stripe.customers.create({ email: 'x@example.com' }, { idempotencyKey })
  expect(repeat.id).toBe(customer.id)
})

test('a torn last line is an unanswered request and is left out', async () => {
  const journalPath = aPath()
  const { stripe } = await aWorld({ journalPath })
  const { id } = await stripe.customers.create()
  const left = remains(journalPath)
  appendFileSync(left, readFileSync(left, 'utf8').slice(0, 40))
  const next = await aWorld({ journalPath: left })
  expect((await next.stripe.customers.list()).data.map((customer) => customer.id)).toEqual([id])
  await next.stripe.customers.create()
  const third = await aWorld({ journalPath: remains(left) })
  expect((await third.stripe.customers.list()).data).toHaveLength(2)
})

test('the journal is compacted at the start: what changed often is kept once', async () => {
  const journalPath = aPath()
  const { stripe } = await aWorld({ journalPath })
  const product = await stripe.products.create({ name: 'Pro' })
  const endpoint = await stripe.webhookEndpoints.create({
    url: 'http://127.0.0.1:9/',
    enabled_events: ['invoice.paid'],
  })
  await stripe.webhookEndpoints.del(endpoint.id)
  for (let n = 0; n < 20; n += 1) await stripe.products.update(product.id, { name: `Pro ${n}` })
  const left = remains(journalPath)
  const long = statSync(left).size
  await aWorld({ journalPath: left })
  expect(statSync(left).size).toBeLessThan(long)
})

test('renewals that fell due while the process was away happen when it is back', async () => {
  const journalPath = aPath()
  const { stripe } = await aWorld({ journalPath, startsAt: '2026-01-31T00:00:00Z' })
  const { id } = await aSubscription(stripe)
  const next = await aWorld({ journalPath: remains(journalPath), startsAt: '2026-03-01T00:00:00Z' })
  expect((await next.stripe.invoices.list({ subscription: id })).data).toHaveLength(2)
})

test('an event that had not been delivered is delivered by the next process', async () => {
  const journalPath = aPath()
  const { stripe, simulator } = await aWorld({ journalPath })
  const refusing = await aReceiver((_received, count) => (count === 1 ? 500 : 200))
  await stripe.webhookEndpoints.create({ url: refusing.url, enabled_events: ['customer.created'] })
  const customer = await stripe.customers.create()
  await simulator.deliveriesIdle()
  expect(refusing.received).toHaveLength(1)
  const next = await aWorld({ journalPath: remains(journalPath) })
  await next.simulator.deliveriesIdle()
  expect(refusing.received).toHaveLength(2)
  expect(JSON.parse(refusing.received[1]!.body)).toMatchObject({
    data: { object: { id: customer.id } },
  })
  const [event] = (await sdkFor(next.simulator.url).events.list()).data
  expect(event?.pending_webhooks).toBe(0)
})
