import { Hono, type Context } from 'hono'
import { reviseSubscription, isOver } from '../billing/changes.ts'
import { customerOf } from '../billing/customers.ts'
import { cardByNumber } from '../billing/cards.ts'
import { declineOf } from '../billing/declines.ts'
import { BY_ITSELF, type Engine } from '../engine.ts'
import { periodOf } from '../objects/subscription.ts'
import { attachMethod } from '../resources/payment-method-attachment.ts'
import type { PortalSession, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { revise } from '../webhooks/emit.ts'
import { portalPage } from './portal.ts'
import { unknownPage } from './results.ts'

/** One page of invoices is enough here. */
const INVOICES_MAX = 12

/** `/p/session/{secret}`: the hosted billing portal. @see https://docs.stripe.com/customer-management */
export function portalRoutes(engine: Engine): Hono {
  const routes = new Hono()

  routes.get('/p/session/:secret', async (c) => {
    await engine.settle()
    const session = sessionOf(engine, c)
    return session === undefined ? c.html(unknownPage(), 404) : show(engine, c, session)
  })

  routes.post('/p/session/:secret/:verb{cancel|keep}', async (c) => {
    const session = sessionOf(engine, c)
    if (session === undefined) return c.html(unknownPage(), 404)
    const id = textOf((await c.req.parseBody())['subscription'])
    const keeps = c.req.param('verb') === 'keep'
    engine.act(BY_ITSELF, (step) => {
      const row = step.find('subscriptions', id)
      const isTheirs = row?.customer === session.customer && !isOver(row) && row.schedule === null
      if (isTheirs) scheduleEnd(step, row, keeps)
      return { result: undefined, keep: true }
    })
    return c.redirect(new URL(session.url).pathname, 303)
  })

  routes.post('/p/session/:secret/card', async (c) => {
    const session = sessionOf(engine, c)
    if (session === undefined) return c.html(unknownPage(), 404)
    const card = cardByNumber(textOf((await c.req.parseBody())['card']))
    if (card === undefined) return show(engine, c, session, 'Use one of Stripe’s test cards.')
    if (card.behaviour === 'declines' && !card.attaches) {
      return show(engine, c, session, declineOf(card.declineCode).message)
    }
    engine.act(BY_ITSELF, (step) => {
      switchCard(step, session.customer, `pm_card_${card.token}`)
      return { result: undefined, keep: true }
    })
    return c.redirect(new URL(session.url).pathname, 303)
  })

  return routes
}

function sessionOf({ store }: Engine, c: Context): PortalSession | undefined {
  const secret = c.req.param('secret') ?? ''
  for (const session of store.rows('portalSessions', { index: 'secret', key: secret }))
    return session
  return undefined
}

function show({ store }: Engine, c: Context, session: PortalSession, error?: string) {
  const customer = store.find('customers', session.customer)
  if (customer === undefined || customer.deleted === true) return c.html(unknownPage(), 404)
  const walk = { index: 'customer', key: customer.id }
  const page = portalPage({
    session,
    customer,
    subscriptions: [...store.rows('subscriptions', walk)].filter((each) => !isOver(each)),
    invoices: [...store.rows('invoices', walk)].slice(0, INVOICES_MAX),
    method: store.find('paymentMethods', customer.invoice_settings.default_payment_method ?? ''),
    productName: (id) => store.find('products', id)?.name ?? id,
    error,
  })
  return c.html(page, error === undefined ? 200 : 402)
}

/** The portal sets `cancel_at` to the end of the period, in addition to the flag. */
function scheduleEnd(step: Step, row: Subscription, keeps: boolean): void {
  reviseSubscription(step, row, {
    cancel_at: keeps ? null : periodOf(row).end,
    cancel_at_period_end: !keeps,
    canceled_at: keeps ? null : step.now,
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      reason: keeps ? null : 'cancellation_requested',
    },
  })
}

/** The new card pays for all subscriptions from now on, including those that had another card. */
function switchCard(step: Step, customerId: string, token: string): void {
  const customer = customerOf(step, customerId)
  const method = attachMethod(step, token, customer)
  const settings = { ...customer.invoice_settings, default_payment_method: method.id }
  revise(step, 'customers', {
    row: customer,
    to: { invoice_settings: settings },
    event: 'customer.updated',
  })
  for (const each of step.rows('subscriptions', { index: 'customer', key: customerId })) {
    if (isOver(each) || each.default_payment_method === null) continue
    reviseSubscription(step, each, { default_payment_method: method.id })
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
