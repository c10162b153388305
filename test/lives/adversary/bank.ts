import type { World } from '../../support/world.ts'
import { askAsCustomer, type Account } from './account.ts'
import { callAsOperator } from '../resident.ts'
import { DONE, NOTHING, type Outcome } from './outcome.ts'
import { limitOf, OFFER } from './price-list.ts'

const DAY_MS = 86_400_000

/** The bank's answer for the customer's cards. */
export async function setCard(world: World, account: Account, works: boolean): Promise<Outcome> {
  const customer = await customerOf(world, account)
  if (customer === null) return NOTHING
  await knob(world, 'PUT', '/cards', { customer, behaviour: works ? 'succeeds' : 'declines' })
  return DONE
}

/** Pays the open invoices on Stripe's pages, with a card that works. */
export async function payInvoice(world: World, account: Account): Promise<Outcome> {
  const customer = await customerOf(world, account)
  if (customer === null) return NOTHING
  await setCard(world, account, true)
  const { data } = await world.stripe.invoices.list({ customer, status: 'open' })
  for (const { id } of data) if (id !== undefined) await world.stripe.invoices.pay(id)
  return data.length === 0 ? NOTHING : DONE
}

/** The customer disputes their latest payment at their bank. */
export async function dispute(world: World, account: Account): Promise<Outcome> {
  const { body } = await askAsCustomer(world, account, ['GET', '/invoices'])
  const paid = body.invoices?.find(
    (each: { id: string; amount_paid_minor: number }) =>
      each.amount_paid_minor > 0 && !account.disputed.has(each.id),
  )
  if (paid === undefined) return NOTHING
  const { data } = await world.stripe.invoicePayments.list({ invoice: paid.id, status: 'paid' })
  const intent = data[0]?.payment.payment_intent
  if (typeof intent !== 'string') return NOTHING
  const { latest_charge: charge } = await world.stripe.paymentIntents.retrieve(intent)
  await knob(world, 'POST', '/disputes', { charge })
  account.disputed.set(paid.id, world.clock.now().getTime())
  return DONE
}

/** An operator offers the customer a price for some days. */
export async function offer(world: World, account: Account): Promise<Outcome> {
  if (account.offerEndsAt !== null) return NOTHING
  const endsAt = world.clock.now().getTime() + OFFER.days * DAY_MS
  const features = (['messages_sent', 'ai_minutes', 'seats'] as const).map((code) => ({
    code,
    quota_limit: limitOf(OFFER.plan, code),
    ...(code !== 'seats' && { reset: 'period' }),
  }))
  const body = {
    period: 'monthly',
    price: { amount_minor: OFFER.price, currency: 'usd' },
    features,
    until: new Date(endsAt).toISOString(),
    reason: 'a sequence',
  }
  const path = `/admin/users/${account.user}/plans/${OFFER.plan}`
  const reply = await callAsOperator(world, undefined, ['PUT', path, body])
  if (reply.status >= 300) return reply.body.code
  account.offerEndsAt = endsAt
  return DONE
}

async function customerOf({ database }: World, { user }: Account): Promise<string | null> {
  const { rows } = await database.pool.query<{ id: string | null }>(
    `select stripe_customer_id as id from customers where user_id = $1`,
    [user],
  )
  return rows[0]?.id ?? null
}

const knob = ({ simulator }: World, method: string, path: string, body: unknown) =>
  fetch(`${simulator.url}/_simulator${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
