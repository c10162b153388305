import { randomUUID } from 'node:crypto'
import { pay } from './checkout-page.ts'
import type { Mail, World } from './world.ts'

const HOUR_MS = 3_600_000

/** One user who bought a paid plan, and the bank behind their card. */
export type Payer = {
  readonly user: string
  readonly id: string
  readonly email: string
  readonly customerId: string
  readonly read: () => Promise<any>
  /** The kinds of the timeline, without the purchase itself. */
  readonly kinds: () => Promise<string[]>
  readonly mails: (part: string) => Promise<Mail[]>
  readonly invoices: () => Promise<any[]>
  /** From now on the bank says this to every charge. */
  readonly bank: (behaviour: 'succeeds' | 'declines' | 'authenticates') => Promise<void>
  /** Two hours after the period's end: Stripe has closed its bill and tried to collect it. */
  readonly toRenewal: () => Promise<void>
  readonly after: (days: number) => Promise<void>
}

export async function aPayer(world: World, plan_id = 'plan_pro_monthly'): Promise<Payer> {
  const user = `user-${randomUUID()}`
  const email = `${user}@example.com`
  const { body } = await world.call('POST', '/subscriptions/checkout', {
    user,
    body: { plan_id, email },
  })
  await pay(body.checkout_url)
  await world.settled()
  const id: string = body.subscription_id
  const { rows } = await world.database.pool.query<{ stripe_customer_id: string }>(
    'select stripe_customer_id from customers where user_id = $1',
    [user],
  )
  const customerId = rows[0]!.stripe_customer_id
  const read = async () => (await world.call('GET', `/subscriptions/${id}`, { user })).body
  return {
    user,
    id,
    email,
    customerId,
    read,
    kinds: async () => {
      const { body: told } = await world.call('GET', `/subscriptions/${id}/timeline`, { user })
      return told.changes
        .map((change: { kind: string }) => change.kind)
        .filter((kind: string) => kind !== 'checkout_opened' && kind !== 'activated')
    },
    mails: async (part) =>
      (await world.mailsTo(email)).filter((mail) => mail.subject.includes(part)),
    invoices: async () => (await world.call('GET', '/invoices', { user })).body.invoices,
    bank: async (behaviour) => {
      await fetch(`${world.simulator.url}/_simulator/cards`, {
        method: 'PUT',
        body: JSON.stringify({ customer: customerId, behaviour }),
      })
    },
    toRenewal: async () => {
      const { period } = await read()
      await world.advanceTo(new Date(new Date(period.end).getTime() + 2 * HOUR_MS))
    },
    after: (days) => world.advanceTo(new Date(world.clock.now().getTime() + days * 24 * HOUR_MS)),
  }
}
