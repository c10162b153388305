import { createServer, type Server } from 'node:http'
import { Stripe } from 'stripe'
import { afterEach } from 'vitest'
import {
  startStripeSimulator,
  type SimulatorOptions,
  type StripeSimulator,
} from '../../../packages/stripe-simulator/simulator.ts'
import { publishedViolationsOf } from './published/published.ts'
import { violationsOf } from './shape/conformance.ts'
import { stripeShapes } from './shape/shapes.ts'

export const KEY = 'sk_test_simulator'

const disposals: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const dispose of disposals.splice(0).toReversed()) await dispose()
})

export function clockAt(instant: string) {
  let now = new Date(instant)
  return {
    now: () => now,
    moveTo(to: string | number) {
      now = new Date(typeof to === 'number' ? to * 1000 : to)
    },
    advance: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000)
    },
  }
}

export type TestClock = ReturnType<typeof clockAt>

/** The official SDK: if it cannot read or verify an answer, the simulator is wrong. */
export function sdkFor(url: string): Stripe {
  const { hostname, port } = new URL(url)
  return new Stripe(KEY, {
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(checkedFetch),
  })
}

/** The SDK with its own client for Node, which exposes the headers of an answer. */
export function nodeSdkFor(url: string): Stripe {
  const { hostname, port } = new URL(url)
  return new Stripe(KEY, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 })
}

/** All objects in answers of these suites must have the shape that the SDK declares. */
const violations = new Set<string>()
afterEach(() => {
  const found = [...violations]
  violations.clear()
  if (found.length > 0) throw new Error(`answers of the wrong shape:\n${found.join('\n')}`)
})

const checkedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  const { status, ok } = response
  const body: unknown = await response.clone().json()
  const exchange = { method: init?.method ?? 'GET', path: new URL(new Request(input).url).pathname }
  const found = [
    ...(ok ? violationsOf(body, await stripeShapes()) : []),
    ...(await publishedViolationsOf({ ...exchange, status, body })),
  ]
  for (const each of found) violations.add(each)
  return response
}

export type World = {
  readonly clock: TestClock
  readonly simulator: StripeSimulator
  readonly stripe: Stripe
}

export async function aWorld(
  options: Partial<SimulatorOptions> & { readonly startsAt?: string } = {},
): Promise<World> {
  const { startsAt = '2026-01-31T10:00:00Z', ...rest } = options
  const clock = clockAt(startsAt)
  const simulator = await startStripeSimulator({ clock, settlesByItself: false, ...rest })
  disposals.push(simulator.close)
  return { clock, simulator, stripe: sdkFor(simulator.url) }
}

export async function advanceTo({ clock, simulator }: World, to: string | number): Promise<void> {
  clock.moveTo(to)
  await simulator.settle()
}

export async function aPrice(
  stripe: Stripe,
  given: Partial<Stripe.PriceCreateParams> = {},
): Promise<Stripe.Price> {
  const product = await stripe.products.create({ name: 'Pro' })
  return stripe.prices.create({
    currency: 'usd',
    unit_amount: 1_500,
    product: product.id,
    recurring: { interval: 'month' },
    ...given,
  })
}

/** A customer whose default card is the given test card. */
export async function aCustomer(
  stripe: Stripe,
  card = 'pm_card_visa',
  given: Stripe.CustomerCreateParams = {},
): Promise<Stripe.Customer> {
  const customer = await stripe.customers.create({ email: 'ana@example.com', ...given })
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id })
  return stripe.customers.update(customer.id, {
    invoice_settings: { default_payment_method: method.id },
  })
}

export async function aSubscription(
  stripe: Stripe,
  given: Partial<Stripe.SubscriptionCreateParams> & { readonly card?: string } = {},
): Promise<Stripe.Subscription> {
  const { card, ...params } = given
  const price = await aPrice(stripe)
  const customer = await aCustomer(stripe, card)
  return stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    ...params,
  })
}

export async function aSession(
  stripe: Stripe,
  given: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Checkout.Session> {
  const price = await aPrice(stripe)
  return stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: price.id, quantity: 1 }],
    ...given,
  })
}

/** The id of a field that may be expanded. */
export function idOf(value: string | { readonly id: string } | null): string {
  if (value === null) throw new Error('there is none')
  return typeof value === 'string' ? value : value.id
}

export const idsOf = ({ data }: { readonly data: readonly { readonly id: string }[] }) =>
  data.map(({ id }) => id)

/** The invoice in the payload of an event. */
export function invoiceOf({ data }: Stripe.Event): Stripe.Invoice {
  if (!('object' in data.object) || data.object.object !== 'invoice') throw new Error('no invoice')
  return data.object
}

/** Sets another default card for a customer. */
export async function useCard(stripe: Stripe, customer: string, card: string): Promise<void> {
  const method = await stripe.paymentMethods.attach(card, { customer })
  await stripe.customers.update(customer, {
    invoice_settings: { default_payment_method: method.id },
  })
}

/** Types of events, in the order in which they happened. */
export async function eventTypes(
  stripe: Stripe,
  params: Stripe.EventListParams = {},
): Promise<string[]> {
  const types: string[] = []
  for await (const event of stripe.events.list({ limit: 100, ...params })) types.push(event.type)
  return types.toReversed()
}

export type Received = { readonly body: string; readonly signature: string; readonly at: number }

/** A webhook endpoint of the application. */
export async function aReceiver(answer: (received: Received, count: number) => number = () => 200) {
  const received: Received[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = {
        body: Buffer.concat(chunks).toString(),
        signature: String(request.headers['stripe-signature']),
        at: Date.now(),
      }
      received.push(one)
      response.writeHead(answer(one, received.length)).end()
      for (const { count, resolve } of waiting) if (received.length >= count) resolve()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  disposals.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      waiting.push({ count, resolve })
      if (received.length >= count) resolve()
    })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return { url: `http://127.0.0.1:${address.port}/webhooks`, received, until }
}

export function payByScript(url: string, session: string, form: Record<string, string> = {}) {
  return fetch(`${url}/c/pay/${session}`, { method: 'POST', body: new URLSearchParams(form) })
}

export function payInBrowser(url: string, session: string, form: Record<string, string> = {}) {
  return fetch(`${url}/c/pay/${session}`, {
    method: 'POST',
    headers: { accept: 'text/html' },
    body: new URLSearchParams(form),
    redirect: 'manual',
  })
}

/** The error that the SDK throws, as a value. */
export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error
    throw error
  }
  throw new Error('the call was expected to be refused')
}

/** Sets one of the simulator's own knobs. */
export async function knob(
  url: string,
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: object = {},
): Promise<Record<string, unknown>> {
  const init = method === 'DELETE' ? { method } : { method, body: JSON.stringify(body) }
  const answer = await fetch(`${url}/_simulator/${path}`, init)
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}
