import type Stripe from 'stripe'
import { CARDS, pay } from '../support/checkout-page.ts'
import type { World } from '../support/world.ts'
import type { Act, Payment } from './acts.ts'
import { DAY } from './oracle/calendar.ts'
import { insist } from './insist.ts'
import { bodyOf, migrate } from './market.ts'
import { newestFirst } from './newest-first.ts'
import { DONE, type Outcome } from './outcome.ts'
import { grant, hold, rush, use } from './perform-usage.ts'
import { callWithRetries, type Resident } from './resident.ts'
import { SIMPLE_COMMANDS, type CommandRequest } from './simple-commands.ts'

/** Performs an act through the interfaces that a real customer, bank or operator uses. */
export async function perform(world: World, resident: Resident, act: Act): Promise<Outcome> {
  switch (act.kind) {
    case 'buy':
      return buy(world, resident, act)
    case 'use':
      return use(world, resident, act)
    case 'rush':
      return rush(world, resident, act)
    case 'hold':
      return hold(world, resident, act)
    case 'grant':
      return grant(world, resident, act)
    case 'card':
      return setCards(world, resident, act.card)
    case 'refund':
    case 'dispute':
      return moneyBack(world, resident, act.kind)
    case 'pay_invoice':
      return payInvoice(world, resident)
    case 'at_dashboard':
      return atDashboard(world, resident, act.what)
    case 'change':
      return change(world, resident, act)
    case 'migrate':
      return migrate(world, resident, act.when)
    case 'cancel':
      return command(world, resident, ['PUT', '/cancellation', { when: act.when }])
    case 'keep':
    case 'unchange':
    case 'pause':
    case 'end_trial':
      return command(world, resident, SIMPLE_COMMANDS[act.kind])
    case 'resume':
      return resume(world, resident)
    case 'extend_trial':
      return extendTrial(world, resident, act.days)
  }
}

async function command(
  world: World,
  resident: Resident,
  [method, path, body]: CommandRequest,
  operator = false,
): Promise<Outcome> {
  const { subscriptionId } = resident
  if (subscriptionId === null) return { code: 'subscription_over' }
  const full = `/subscriptions/${subscriptionId}${path}`
  const reply = await callWithRetries(world, resident, [method, full, body], operator)
  return { code: reply.status < 300 ? null : reply.body.code }
}

/** The answer shows the moved end, which depends on the instants at which clocks stopped and ran on. */
async function resume(world: World, resident: Resident): Promise<Outcome> {
  const { subscriptionId } = resident
  if (subscriptionId === null) return { code: 'subscription_over' }
  const path = `/subscriptions/${subscriptionId}/pause`
  const { status, body } = await callWithRetries(world, resident, ['DELETE', path])
  if (status >= 300) return { code: body.code }
  return { code: null, endsAt: Date.parse(body.period.end) }
}

async function extendTrial(world: World, resident: Resident, days: number): Promise<Outcome> {
  const now = Math.floor(world.clock.now().getTime() / 1000) * 1000
  const endsAt = now + days * DAY
  const outcome = await command(
    world,
    resident,
    ['PUT', '/trial', { ends_at: new Date(endsAt).toISOString() }],
    true,
  )
  return { ...outcome, endsAt }
}

async function buy(
  world: World,
  resident: Resident,
  act: Extract<Act, { kind: 'buy' }>,
): Promise<Outcome> {
  const body = { ...bodyOf(act), email: resident.email }
  const reply = await callWithRetries(world, resident, ['POST', '/subscriptions/checkout', body])
  if (reply.status !== 201) return { code: reply.body.code }
  resident.subscriptionId = reply.body.subscription_id
  if (reply.body.checkout_url !== null)
    await atThePage(reply.body.checkout_url, act.payment, `card-of-${resident.email}`)
  return DONE
}

/** @param own the fingerprint of the customer's card: the test cards of all customers have the same numbers */
async function atThePage(url: string, payment: Payment, own: string): Promise<void> {
  switch (payment) {
    case 'leaves':
      return
    case 'pays':
      await pay(url, CARDS.good, own)
      return
    case 'declined':
      await pay(url, CARDS.declined, own)
      return
    case 'declined_then_pays':
      await pay(url, CARDS.declined, own)
      await pay(url, CARDS.good, own)
      return
    case 'authenticates': {
      const challenge = (await (await pay(url, CARDS.threeDSecure, own)).json()) as Challenge
      await fetch(challenge.error.challenge_url, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams({ outcome: 'pass' }),
      })
    }
  }
}
type Challenge = { readonly error: { readonly challenge_url: string } }

async function change(
  world: World,
  resident: Resident,
  { plan, when, quantity }: Extract<Act, { kind: 'change' }>,
): Promise<Outcome> {
  const path = `/subscriptions/${resident.subscriptionId}/plan/preview`
  const body = { plan_id: plan, when, ...(quantity !== undefined && { quantity }) }
  if (resident.subscriptionId === null) return { code: 'subscription_over' }
  const preview = await callWithRetries(world, resident, ['POST', path, body])
  const prorationDate: string | null = preview.status === 200 ? preview.body.proration_date : null
  const asOf = prorationDate === null ? {} : { proration_date: prorationDate }
  const outcome = await command(world, resident, ['PUT', '/plan', { ...body, ...asOf }])
  return { ...outcome, ...(prorationDate !== null && { proratedAt: Date.parse(prorationDate) }) }
}

async function customerOf({ stripe }: World, { email }: Resident): Promise<string | null> {
  const found = await insist(() => stripe.customers.list({ email, limit: 1 }))
  return found?.data[0]?.id ?? null
}

async function setCards(world: World, resident: Resident, behaviour: string): Promise<Outcome> {
  const customer = await customerOf(world, resident)
  if (customer !== null)
    await fetch(`${world.simulator.url}/_simulator/cards`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ customer, behaviour }),
    })
  return DONE
}

/** The customer's running subscription at Stripe. */
async function runningOf(world: World, resident: Resident): Promise<Stripe.Subscription | null> {
  const customer = await customerOf(world, resident)
  if (customer === null) return null
  const found = await insist(() => world.stripe.subscriptions.list({ customer, limit: 1 }))
  return found?.data[0] ?? null
}

async function payInvoice(world: World, resident: Resident): Promise<Outcome> {
  await setCards(world, resident, 'succeeds')
  const running = await runningOf(world, resident)
  if (running?.status !== 'past_due') return DONE
  const found = await insist(() =>
    world.stripe.invoices.list({ subscription: running.id, status: 'open' }),
  )
  const open = found?.data[0]?.id
  if (open !== undefined) await insist(() => world.stripe.invoices.pay(open))
  return DONE
}

async function atDashboard(
  world: World,
  resident: Resident,
  what: Extract<Act, { kind: 'at_dashboard' }>['what'],
): Promise<Outcome> {
  const running = await runningOf(world, resident)
  if (running === null || running.pending_update !== null) return DONE
  // A scheduled change to a free plan is a cancellation at Stripe, which the dashboard must not touch.
  const path = `/subscriptions/${resident.subscriptionId}`
  const own = await callWithRetries(world, resident, ['GET', path])
  if (own.body.pending_change !== null) return DONE
  if (what === 'ends') await insist(() => world.stripe.subscriptions.cancel(running.id))
  else if (running.status !== 'paused') {
    // A schedule whose change is done still blocks other changes; release it.
    const { schedule } = running
    const id = typeof schedule === 'string' ? schedule : schedule?.id
    if (id !== undefined) await insist(() => world.stripe.subscriptionSchedules.release(id))
    await insist(() =>
      world.stripe.subscriptions.update(running.id, { cancel_at_period_end: what === 'plans_end' }),
    )
  }
  return DONE
}

async function moneyBack(
  world: World,
  resident: Resident,
  kind: 'refund' | 'dispute',
): Promise<Outcome> {
  const { body } = await callWithRetries(world, resident, ['GET', '/invoices?limit=100'])
  const paid = newestFirst(body.invoices).find(
    (each: Record<string, unknown>) =>
      each['status'] === 'paid' &&
      each['amount_paid_minor'] !== 0 &&
      each['amount_refunded_minor'] === 0 &&
      each['dispute_status'] === null,
  )
  if (paid === undefined) return DONE
  const found = await insist(() =>
    world.stripe.invoicePayments.list({ invoice: paid.id, status: 'paid' }),
  )
  const intent = found?.data[0]?.payment.payment_intent
  if (typeof intent !== 'string') throw new Error(`${paid.id} is paid by nothing`)
  if (kind === 'refund') await insist(() => world.stripe.refunds.create({ payment_intent: intent }))
  else {
    const charge = (await insist(() => world.stripe.paymentIntents.retrieve(intent)))?.latest_charge
    await fetch(`${world.simulator.url}/_simulator/disputes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ charge }),
    })
  }
  return DONE
}
