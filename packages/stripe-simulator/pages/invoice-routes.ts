import { Hono, type Context } from 'hono'
import { cardByNumber } from '../billing/cards.ts'
import { isOver, reviseSubscription } from '../billing/changes.ts'
import { collect } from '../billing/collection.ts'
import { customerOf } from '../billing/customers.ts'
import { declineOf } from '../billing/declines.ts'
import { isProcessed, subscriptionOf } from '../billing/invoicing.ts'
import { BY_ITSELF, type Engine } from '../engine.ts'
import { attachMethod } from '../resources/payment-method-attachment.ts'
import type { Invoice, PaymentIntent, PaymentMethod } from '../store/stored.ts'
import type { Reader, Step } from '../store/store.ts'
import { invoicePage } from './invoice.ts'
import { unknownPage } from './results.ts'

/** `/i/{invoice}`: the page behind `hosted_invoice_url`. @see https://docs.stripe.com/invoicing/hosted-invoice-page */
export function invoiceRoutes(engine: Engine): Hono {
  const routes = new Hono()

  routes.get('/i/:id', async (c) => {
    await engine.settle()
    return show(engine, c)
  })

  routes.post('/i/:id', async (c) => {
    const invoice = invoiceOf(engine, c)
    if (invoice === undefined) return c.html(unknownPage(), 404)
    const card = cardByNumber(textOf((await c.req.parseBody())['card']))
    if (card === undefined) return show(engine, c, 'Use one of Stripe’s test cards.')
    if (card.behaviour === 'declines' && !card.attaches) {
      return show(engine, c, declineOf(card.declineCode).message)
    }
    const error = pay(engine, invoice.id, {
      methodOf: (step) => saveCard(step, invoice, `pm_card_${card.token}`),
      authenticated: false,
    })
    return error === undefined ? c.redirect(`/i/${invoice.id}`, 303) : show(engine, c, error)
  })

  routes.post('/i/:id/challenge', async (c) => {
    const invoice = invoiceOf(engine, c)
    if (invoice === undefined) return c.html(unknownPage(), 404)
    if (textOf((await c.req.parseBody())['outcome']) === 'fail') {
      return show(engine, c, 'We could not authenticate your payment method.')
    }
    const error = pay(engine, invoice.id, {
      methodOf: (step) => challengedMethod(step, invoice),
      authenticated: true,
    })
    return error === undefined ? c.redirect(`/i/${invoice.id}`, 303) : show(engine, c, error)
  })

  return routes
}

const invoiceOf = ({ store }: Engine, c: Context) => store.find('invoices', c.req.param('id') ?? '')

type Payment = {
  readonly methodOf: (step: Step) => PaymentMethod | undefined
  readonly authenticated: boolean
}

/**
 * Reads the invoice inside the step, so that a paid invoice is not paid again.
 *
 * @returns the message of a decline; undefined without one.
 */
function pay(engine: Engine, id: string, { methodOf, authenticated }: Payment): string | undefined {
  return engine.act(BY_ITSELF, (step) => {
    const invoice = step.find('invoices', id)
    if (invoice?.status !== 'open' || isProcessed(step, invoice))
      return { result: undefined, keep: false }
    const method = methodOf(step)
    const attempt = collect(step, invoice, { method, manual: true, authenticated })
    const result = attempt.kind === 'declined' ? attempt.declined.message : undefined
    return { result, keep: true }
  })
}

function show(engine: Engine, c: Context, error?: string) {
  const invoice = invoiceOf(engine, c)
  if (invoice === undefined || invoice.status === 'draft') return c.html(unknownPage(), 404)
  const intent = intentOf(engine.store, invoice)
  const page = invoicePage({
    invoice,
    method: engine.store.find('paymentMethods', intent?.payment_method ?? ''),
    needsAuthentication: intent?.status === 'requires_action',
    error,
  })
  return c.html(page, error === undefined ? 200 : 402)
}

function intentOf(reader: Reader, invoice: Invoice): PaymentIntent | undefined {
  for (const payment of reader.rows('invoicePayments', { index: 'invoice', key: invoice.id })) {
    return reader.find('paymentIntents', payment.payment.payment_intent ?? '')
  }
  return undefined
}

/** The card whose payment waits for 3-D Secure. */
const challengedMethod = (step: Step, invoice: Invoice) =>
  step.find('paymentMethods', intentOf(step, invoice)?.payment_method ?? '')

/** The card that pays this invoice also pays the next ones. */
function saveCard(step: Step, invoice: Invoice, token: string): PaymentMethod {
  const method = attachMethod(step, token, customerOf(step, invoice.customer ?? ''))
  const subscription = subscriptionOf(step, invoice)
  if (subscription !== undefined && !isOver(subscription)) {
    reviseSubscription(step, subscription, { default_payment_method: method.id })
  }
  return method
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
