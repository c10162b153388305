import { newInvoice, newLine, type LinePlan } from '../objects/invoice.ts'
import { isMetered } from '../objects/price.ts'
import type { Invoice, InvoiceLine, Price, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { customerOf } from './customers.ts'
import { discountLines } from './discounts.ts'
import { taxedLines } from './tax.ts'
import { chargedLines } from './usage.ts'

/**
 * A renewal's draft with the usage that is known when it is finalized: events of the ended period arrive until then.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage
 */
export function recountUsage(step: Step, draft: Invoice): Invoice {
  const subscription = subscriptionOfDraft(step, draft)
  if (subscription === undefined || draft.billing_reason !== 'subscription_cycle') return draft
  const counted = new Set<string>()
  const lines = draft.lines.data.flatMap((line) => {
    const plan = meteredPlanOf(step, line)
    if (plan === undefined) return [line]
    const span = `${plan.subscriptionItem} ${plan.price.id} ${plan.period.start}`
    if (counted.has(span)) return []
    counted.add(span)
    const { customer } = subscription
    return chargedLines(step, { ...plan, customer }).map((each) => newLine(each, draft.id))
  })
  const isSame =
    sumOf(lines) === sumOf(draft.lines.data) && lines.length === draft.lines.data.length
  return isSame ? draft : step.put('invoices', withLines(step, draft, { subscription, lines }))
}

const sumOf = (lines: readonly InvoiceLine[]): string =>
  lines.map(({ amount, quantity }) => `${quantity} ${amount}`).join()

function subscriptionOfDraft(step: Step, { parent }: Invoice): Subscription | undefined {
  const id = parent?.subscription_details?.subscription
  return id === undefined ? undefined : step.find('subscriptions', id)
}

type Metered = Pick<
  LinePlan,
  'price' | 'currency' | 'subscription' | 'subscriptionItem' | 'period' | 'invoiceItem'
>

function meteredPlanOf(step: Step, line: InvoiceLine): Metered | undefined {
  const price: Price | undefined = step.find('prices', line.pricing?.price_details?.price ?? '')
  const details = line.parent?.subscription_item_details
  if (price === undefined || details == null || !isMetered(price)) return undefined
  return {
    price,
    currency: line.currency,
    subscription: details.subscription ?? '',
    subscriptionItem: details.subscription_item,
    period: line.period,
    invoiceItem: details.invoice_item ?? undefined,
  }
}

type Lines = { readonly subscription: Subscription; readonly lines: readonly InvoiceLine[] }

/** The draft with other lines, discounted and taxed again. */
function withLines(step: Step, draft: Invoice, { subscription, lines }: Lines): Invoice {
  // Otherwise a coupon for one invoice would count this draft as the invoice that had it.
  step.put('invoices', { ...draft, discounts: [] })
  const bare = lines.map((line) => ({ ...line, discounts: [], discount_amounts: [], taxes: [] }))
  const customer = customerOf(step, draft.customer ?? '')
  const taxation = {
    customer,
    rates: draft.default_tax_rates,
    automatic: draft.automatic_tax.enabled,
  }
  const priced = taxedLines(step, taxation, discountLines(step, subscription, bare))
  const { id, created, currency } = draft
  const totals = newInvoice({ id, created, currency }, customer, priced)
  return {
    ...draft,
    amount_due: totals.amount_due,
    amount_remaining: totals.amount_remaining,
    discounts: totals.discounts,
    lines: totals.lines,
    subtotal: totals.subtotal,
    subtotal_excluding_tax: totals.subtotal_excluding_tax,
    total: totals.total,
    total_discount_amounts: totals.total_discount_amounts,
    total_excluding_tax: totals.total_excluding_tax,
    total_taxes: totals.total_taxes,
  }
}
