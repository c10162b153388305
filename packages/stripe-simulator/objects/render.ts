import type { Invoice, Price, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { listOf } from './list.ts'
import { planOf } from './price.ts'

/** An object of Stripe's, by the two fields that all have. */
export type Row = { readonly id: string; readonly object: string }

/** Stripe's number of lines embedded in an invoice. @see https://docs.stripe.com/api/invoices/object */
const LINES_EMBEDDED = 10

/** Whether a stored row is an object of Stripe's, and not the simulator's own record. */
export const isRow = (row: object): row is Row => 'id' in row && 'object' in row

/** Renders a stored row as a response. Embedded objects show their current state. */
export function render(step: Pick<Step, 'find' | 'rows'>, row: Row): object {
  if (isSubscription(row)) return renderSubscription(step, row)
  if (row.object === 'webhook_endpoint') return withoutSecret(row)
  if (row.object === 'event') return renderEvent(step, row)
  if (isInvoice(row)) return renderInvoice(row)
  return row
}

const isSubscription = (row: Row): row is Subscription => row.object === 'subscription'
const isInvoice = (row: object): row is Invoice => Reflect.get(row, 'object') === 'invoice'

function renderSubscription(step: Pick<Step, 'find'>, row: Subscription): Subscription {
  const data = row.items.data.map((item) => {
    const price: Price = step.find('prices', item.price.id) ?? item.price
    return { ...item, price, plan: planOf(price) }
  })
  return { ...row, items: { ...row.items, data } }
}

/** An invoice embeds its first lines; the rest is at `/v1/invoices/{id}/lines`. */
function renderInvoice(row: Invoice): Invoice {
  const data = row.lines.data.slice(0, LINES_EMBEDDED)
  return { ...row, lines: { ...row.lines, data, has_more: data.length < row.lines.data.length } }
}

/** The secret is shown once, in the response to the creation. */
function withoutSecret(row: Row): object {
  const { secret: _secret, ...shown } = row as Row & { secret?: string }
  return shown
}

function renderEvent(step: Pick<Step, 'rows'>, row: Row): object {
  const pending = [...step.rows('deliveries', { index: 'event', key: row.id })].length
  return { ...row, pending_webhooks: pending }
}

/** A field that is present only if `expand` names it. */
export function renderAdded(step: Step, value: object, field: string): unknown {
  const id = String(Reflect.get(value, 'id'))
  switch (field) {
    case 'payments':
      return listOf(
        [...step.rows('invoicePayments', { index: 'invoice', key: id })].toReversed(),
        `/v1/invoice_payments?invoice=${id}`,
      )
    case 'confirmation_secret':
      return isInvoice(value) ? confirmationSecret(step, value) : null
    case 'tiers':
      return step.find('priceTiers', id)?.tiers
    case 'line_items':
      return listOf(
        step.find('checkoutIntents', id)?.lines ?? [],
        `/v1/checkout/sessions/${id}/line_items`,
      )
    case 'subscriptions': {
      const live = [...step.rows('subscriptions', { index: 'customer', key: id })]
        .filter((each) => each.status !== 'canceled')
        .map((each) => renderSubscription(step, each))
      return listOf(live, `/v1/customers/${id}/subscriptions`)
    }
    default:
      return null
  }
}

function confirmationSecret(step: Step, invoice: Invoice) {
  const [payment] = [...step.rows('invoicePayments', { index: 'invoice', key: invoice.id })]
  const intent = step.find('paymentIntents', payment?.payment.payment_intent ?? '')
  if (intent?.client_secret == null || invoice.status !== 'open') return null
  return { client_secret: intent.client_secret, type: 'payment_intent' }
}
