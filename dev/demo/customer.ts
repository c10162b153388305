import { z } from 'zod'
import { createStripeClient } from '../../adapters/stripe/sdk/client.ts'

const DEVELOPMENT_KEY = 'bk_dev_app'

/** The base URLs of the parts that the demo calls, without a slash at the end. */
export type Places = {
  readonly apiUrl: string
  readonly mailUrl: string
  readonly simulatorUrl: string
}

const subscription = z.looseObject({
  id: z.string(),
  status: z.string(),
  plan: z.object({ slug: z.string(), name: z.string() }),
  period: z.object({ start: z.string(), end: z.string() }).nullable(),
  trial_end: z.string().nullable(),
  has_access: z.boolean(),
})
const timeline = z.object({
  changes: z.array(z.looseObject({ at: z.string(), kind: z.string(), actor: z.string() })),
})
const mails = z.object({ messages: z.array(z.looseObject({ subject: z.string() })) })
const checkout = z.looseObject({ subscription_id: z.string(), checkout_url: z.string() })

/** The fields of the API's subscription that the demo reads; instants are ISO 8601. */
export type Subscription = z.infer<typeof subscription>

/** A demo customer: calls the API as their application does, and controls their bank. */
export type Customer = ReturnType<typeof createCustomer>

/** A customer whose calls throw if an answer is not a success. @param user the application's user id. */
export function createCustomer({ apiUrl, mailUrl, simulatorUrl }: Places, user: string) {
  const email = `${user}@example.com`
  const stripe = createStripeClient({ apiKey: 'sk_test_demo', apiBase: simulatorUrl })
  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${apiUrl}/api/v1/billing${path}`, {
      method,
      headers: {
        authorization: `Bearer ${DEVELOPMENT_KEY}`,
        'x-user-id': user,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text)
  }
  return {
    email,
    call,
    /** Opens the page of a plan and pays; returns the subscription's id. */
    async buy(planId: string): Promise<string> {
      const opened = checkout.parse(
        await call('POST', '/subscriptions/checkout', { plan_id: planId, email }),
      )
      const paid = await fetch(opened.checkout_url, {
        method: 'POST',
        headers: { accept: 'application/json' },
        // A card of their own: each run of the demo has a trial.
        body: new URLSearchParams({ card: '4242424242424242', fingerprint: user }),
      })
      if (!paid.ok) throw new Error(`the page answered ${paid.status}`)
      return opened.subscription_id
    },
    /** The latest subscription, including an ended one. */
    read: async (id: string): Promise<Subscription> =>
      subscription.parse(await call('GET', `/subscriptions/${id}`)),
    changes: async (id: string) =>
      timeline.parse(await call('GET', `/subscriptions/${id}/timeline`)).changes,
    mails: async (): Promise<string[]> => {
      const answer = await fetch(`${mailUrl}/api/messages?to=${encodeURIComponent(email)}`)
      return mails.parse(await answer.json()).messages.map(({ subject }) => subject)
    },
    /** Sets how the bank treats the customer's card from now on. */
    async bank(behaviour: 'succeeds' | 'declines'): Promise<void> {
      const { data } = await stripe.customers.list({ email, limit: 1 })
      const answer = await fetch(`${simulatorUrl}/_simulator/cards`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ customer: data[0]?.id, behaviour }),
      })
      if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`)
    },
  }
}
