import { randomUUID } from 'node:crypto'
import type Stripe from 'stripe'
import { pay } from './checkout-page.ts'
import type { Reply } from './call.ts'
import type { World } from './world.ts'

/** A user with a subscription, and calls by their application. */
export type Customer = {
  readonly user: string
  readonly email: string
  readonly id: string
  /** A call for the subscription; the path is relative to its id. */
  readonly ask: (
    method: string,
    path: string,
    body?: unknown,
    given?: { readonly key?: string; readonly operator?: boolean },
  ) => Promise<Reply>
  readonly read: () => Promise<Reply['body']>
  /** The kinds of the timeline's entries, the oldest first. */
  readonly timeline: () => Promise<string[]>
  /** The usage of one feature. */
  readonly usage: (feature?: string) => Promise<Reply['body']>
  readonly consume: (amount: number) => Promise<Reply['body']>
  readonly mails: () => Promise<string[]>
  /** Their latest subscription at Stripe. */
  readonly stripe: () => Promise<Stripe.Subscription>
  /** The subscription's invoices, the latest first. */
  readonly stripeInvoices: () => Promise<Stripe.Invoice[]>
  /** Pays the latest invoice on its hosted page. */
  readonly payInvoice: () => Promise<void>
  /** Sets how the bank answers charges from now on. */
  readonly cards: (behaviour: 'succeeds' | 'declines' | 'authenticates') => Promise<void>
}

export const newUser = (): string => `user-${randomUUID()}`

/** Buys a plan for a new user; a paid plan uses a card that works. */
export async function subscribe(
  world: World,
  plan_id: string,
  given: {
    readonly user?: string
    readonly body?: object
    readonly card?: string
    /** Whose card it is; their own by default. */
    readonly fingerprint?: string
    /** Further fields of the payment page. */
    readonly page?: Readonly<Record<string, string>>
  } = {},
): Promise<Customer> {
  const { user = newUser() } = given
  const email = `${user}@example.com`
  const { body } = await world.call('POST', '/subscriptions/checkout', {
    user,
    body: { plan_id, email, ...given.body },
  })
  if (body.subscription_id === undefined) throw new Error(JSON.stringify(body))
  if (body.checkout_url !== null) {
    await pay(body.checkout_url, given.card, given.fingerprint ?? `card-of-${user}`, given.page)
    await world.settled()
  }
  return customerOf(world, { user, email, id: body.subscription_id })
}

/** A user who has a checkout page and has not paid yet. */
export async function unpaidCustomer(world: World): Promise<Customer> {
  const user = newUser()
  const email = `${user}@example.com`
  const { body } = await world.call('POST', '/subscriptions/checkout', {
    user,
    body: { plan_id: 'plan_pro_monthly', email },
  })
  return customerOf(world, { user, email, id: body.subscription_id })
}

function customerOf(
  world: World,
  who: { readonly user: string; readonly email: string; readonly id: string },
): Customer {
  const { user, email, id } = who
  const ask: Customer['ask'] = (method, path, body, { key, operator } = {}) =>
    world.call(method, `/subscriptions/${id}${path}`, {
      user,
      ...(body !== undefined && { body }),
      ...(key && { key }),
      ...(operator && { headers: { authorization: 'Bearer bk_dev_operator' } }),
    })
  const stripe = async () => {
    const { data } = await world.stripe.subscriptions.list({ status: 'all', limit: 100 })
    const own = data.find((each) => each.metadata['perennial_user_id'] === user)
    if (own === undefined) throw new Error(`${user} has no subscription at Stripe`)
    return own
  }
  const stripeInvoices = async () =>
    (await world.stripe.invoices.list({ subscription: (await stripe()).id, limit: 100 })).data
  return {
    ...who,
    ask,
    stripe,
    stripeInvoices: stripeInvoices,
    payInvoice: async () => {
      await world.stripe.invoices.pay((await stripeInvoices())[0]?.id ?? '')
      await world.settled()
    },
    cards: async (behaviour) => {
      const { customer } = await stripe()
      const reply = await fetch(`${world.simulator.url}/_simulator/cards`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ customer, behaviour }),
      })
      if (!reply.ok) throw new Error(`the simulator answered ${reply.status}`)
    },
    read: async () => (await ask('GET', '')).body,
    timeline: async () =>
      (await ask('GET', '/timeline')).body.changes.map((change: { kind: string }) => change.kind),
    usage: async (feature = 'messages_sent') => {
      const { body } = await world.call('GET', '/usage', { user })
      return body.features.find((each: { code: string }) => each.code === feature)
    },
    consume: async (amount) =>
      (
        await world.call('POST', '/usage/consume', {
          user,
          body: { feature: 'messages_sent', amount },
        })
      ).body,
    mails: async () => (await world.mailsTo(email)).map((mail) => mail.subject),
  }
}
