import { beforeAll, describe, expect, test } from 'vitest'
import type { Exchange, Published } from './published/conformance.ts'
import { publishedBy } from './published/conformance.ts'
import { hasPublishedDocument, publishedDocument } from './published/module.ts'
import { ADDITIONS, NEW_CALLS, withOverlay } from './published/overlay.ts'
import { aSession, aSubscription, aWorld, KEY, payByScript } from './support.ts'

type Row = Record<string, unknown>
type Mutation = (row: Row) => unknown

const first = (row: Row, list: string): Row => Object(row[list]).data[0]

describe.skipIf(!(await hasPublishedDocument()))('Stripe’s published document', () => {
  let published: Published
  let subscription: Row
  let invoice: Row
  let events: Row
  beforeAll(async () => {
    const document = await publishedDocument()
    if (document === undefined) throw new Error('it was there a moment ago')
    published = publishedBy(withOverlay(document))
    const { stripe, simulator } = await aWorld()
    await aSession(stripe).then(({ id }) => payByScript(simulator.url, id))
    const { id } = await aSubscription(stripe)
    const read = async (path: string): Promise<Row> => {
      const headers = { authorization: `Bearer ${KEY}` }
      return (await fetch(`${simulator.url}/v1/${path}`, { headers })).json()
    }
    subscription = await read(`subscriptions/${id}?expand[]=latest_invoice.payments`)
    invoice = await read('invoices?limit=1')
    events = await read('events?limit=100')
  })

  const answered = (path: string, body: unknown, status = 200): Exchange => ({
    method: 'GET',
    path,
    status,
    body,
  })
  const ofSubscription = (body: unknown) =>
    published.violationsOf(answered('/v1/subscriptions/sub_1', body))

  test('is of the version before ours, and every line of the overlay is needed and says why', async () => {
    const document = await publishedDocument()
    expect(document?.info.version).toBe('2026-08-26.dahlia')
    for (const { why } of [...ADDITIONS, ...NEW_CALLS]) expect(why.length).toBeGreaterThan(20)
  })

  test('agrees with a subscription and all within it, with invoices, and with every event of a purchase', () => {
    expect(ofSubscription(subscription)).toEqual([])
    expect(published.violationsOf(answered('/v1/invoices', invoice))).toEqual([])
    expect(published.violationsOf(answered('/v1/events', events))).toEqual([])
  })

  test.each<readonly [string, Mutation]>([
    ['a required field is missing', (row) => delete row['status']],
    ['a status is made up', (row) => Object.assign(row, { status: 'asleep' })],
    ['a list has become an array', (row) => Object.assign(row, { items: [] })],
    ['a required object is missing', (row) => delete row['billing_mode']],
    ['an item has no period', (row) => delete first(row, 'items')['current_period_end']],
    ['null stands where it may not', (row) => Object.assign(row, { customer: null })],
    ['an instant is a string', (row) => Object.assign(row, { created: '1' })],
    [
      'a field of an older API is there',
      (row) => Object.assign(row, { current_period_end: 1_700_000_000 }),
    ],
    [
      'another kind of object was expanded',
      (row) => Object.assign(row, { customer: row['latest_invoice'] }),
    ],
    [
      'its invoice has lost its total',
      (row) => Reflect.deleteProperty(Object(row['latest_invoice']), 'total'),
    ],
    [
      'the list within is of another address',
      (row) => Reflect.deleteProperty(Object(row['items']), 'url'),
    ],
  ])('is broken, and that is noticed, when %s', (_what, mutate) => {
    const mutant = structuredClone(subscription)
    mutate(mutant)
    expect(ofSubscription(mutant)).not.toEqual([])
  })

  test('notices an event of a type that Stripe does not have', () => {
    const mutant = structuredClone(events)
    const { data } = mutant
    if (!Array.isArray(data)) throw new Error('there is no list of events')
    Object.assign(data[0], { type: 'customer.subscription.renewed' })
    expect(published.violationsOf(answered('/v1/events', mutant))).toEqual([
      'customer.subscription.renewed is no type of an event',
    ])
  })

  test('notices a list under another address, and an answer to a call that it does not know', () => {
    const moved = { ...invoice, url: '/v1/bills' }
    expect(published.violationsOf(answered('/v1/invoices', moved))).not.toEqual([])
    expect(published.violationsOf(answered('/v1/bills', invoice))).toEqual([
      'GET /v1/bills is not in the document',
    ])
  })

  test('notices an error of a type that Stripe does not have, and one that says nothing', () => {
    const refused = (error: object) =>
      published.violationsOf(answered('/v1/subscriptions/sub_1', { error }, 404))
    expect(refused({ type: 'invalid_request_error', code: 'resource_missing' })).toEqual([])
    expect(refused({ type: 'rate_limit_error' })).not.toEqual([])
    expect(refused({})).not.toEqual([])
  })
})
