import { expect, test } from 'vitest'
import { violationsOf } from './shape/conformance.ts'
import { stripeShapes } from './shape/shapes.ts'
import { aSession, aSubscription, aWorld, KEY, payByScript } from './support.ts'

const shapes = await stripeShapes()

async function wire(url: string, path: string): Promise<Record<string, unknown>> {
  const answer = await fetch(`${url}/v1/${path}`, { headers: { authorization: `Bearer ${KEY}` } })
  return answer.json()
}

async function aPaidWorld() {
  const { stripe, simulator } = await aWorld()
  await aSession(stripe).then(({ id }) => payByScript(simulator.url, id))
  const { id } = await aSubscription(stripe)
  return { url: simulator.url, id }
}

test('the declarations were read: the required fields of the main objects are known', () => {
  const required = (name: string) =>
    Object.values(shapes.entities[name] ?? {}).filter(({ optional }) => !optional).length
  expect(required('subscription')).toBe(46)
  expect(required('invoice')).toBe(70)
  expect(required('checkout.session')).toBe(59)
})

test.each([
  'customers',
  'products',
  'prices',
  'payment_methods',
  'checkout/sessions',
  'subscriptions',
  'invoices',
  'payment_intents',
  'charges',
  'invoice_payments',
  'events',
])('everything under %s has exactly the shape that the SDK declares', async (path) => {
  const { url } = await aPaidWorld()
  const list = await wire(url, `${path}?limit=100`)
  expect(list['data']).not.toEqual([])
  expect(violationsOf(list, shapes)).toEqual([])
})

test('expanded objects have the shape of their own', async () => {
  const { url, id } = await aPaidWorld()
  const paths = [
    'customer.subscriptions',
    'latest_invoice.payments',
    'latest_invoice.confirmation_secret',
  ]
  const query = paths.map((path) => `expand[]=${path}`).join('&')
  const subscription = await wire(url, `subscriptions/${id}?${query}`)
  expect(violationsOf(subscription, shapes)).toEqual([])
})

test.each([
  ['a field is removed', (each: Record<string, unknown>) => delete each['cancel_at']],
  [
    'a field of another API version is there',
    (each: Record<string, unknown>) => Object.assign(each, { current_period_end: 1 }),
  ],
  [
    'a value has another type',
    (each: Record<string, unknown>) => Object.assign(each, { created: '1' }),
  ],
  [
    'null stands where it may not',
    (each: Record<string, unknown>) => Object.assign(each, { items: null }),
  ],
  [
    'a nested field is removed',
    (each: Record<string, unknown>) => Object.assign(each, { billing_mode: { type: 'flexible' } }),
  ],
  [
    'an item has no period',
    ({ items }: Record<string, unknown>) => {
      const [item] = Reflect.get(Object(items), 'data')
      return delete item.current_period_end
    },
  ],
])('the check notices when %s', async (_what, mutate) => {
  const { url, id } = await aPaidWorld()
  const subscription = await wire(url, `subscriptions/${id}`)
  expect(violationsOf(subscription, shapes)).toEqual([])
  mutate(subscription)
  expect(violationsOf(subscription, shapes)).not.toEqual([])
})
