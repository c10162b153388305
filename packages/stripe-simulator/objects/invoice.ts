import type { Customer, Invoice, InvoiceLine, Price } from '../store/stored.ts'
import type { Span } from '../billing/calendar.ts'
import { newId } from '../store/ids.ts'
import { listOf } from './list.ts'

/** A line to build; the amount is in the smallest unit of the currency, negative for a credit. */
export type LinePlan = {
  readonly amount: number
  readonly currency: string
  readonly description: string
  readonly period: Span
  readonly price: Price
  readonly quantity: number
  readonly subscription: string
  readonly subscriptionItem: string
  readonly proration: boolean
  /** Of a line that charges otherwise than its price: a tier's, or null for a flat fee. */
  readonly unitAmountDecimal?: string | null
  readonly invoiceItem?: string | undefined
}

/**
 * A line without discounts and taxes.
 * @param invoice the id of its invoice.
 * @see https://docs.stripe.com/api/invoice-line-item/retrieve
 */
export function newLine(plan: LinePlan, invoice: string): InvoiceLine {
  return {
    id: newId('il'),
    object: 'line_item',
    amount: plan.amount,
    currency: plan.currency,
    description: plan.description,
    discount_amounts: [],
    discountable: !plan.proration,
    discounts: [],
    invoice,
    livemode: false,
    metadata: {},
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: plan.invoiceItem ?? null,
        proration: plan.proration,
        proration_details: { credited_items: null },
        subscription: plan.subscription,
        subscription_item: plan.subscriptionItem,
      },
      type: 'subscription_item_details',
    },
    period: { end: plan.period.end, start: plan.period.start },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: plan.price.id, product: plan.price.product },
      type: 'price_details',
      unit_amount_decimal: unitAmountOf(plan),
    },
    quantity: plan.quantity,
    quantity_decimal: String(plan.quantity),
    subscription: plan.subscription,
    subtotal: plan.amount,
    taxes: [],
  }
}

/** The price of one unit, in the smallest unit of the currency; null where the line has none. */
export const unitAmountOf = ({ price, unitAmountDecimal }: LinePlan): string | null =>
  unitAmountDecimal === undefined ? price.unit_amount_decimal : unitAmountDecimal

/** A draft with the totals of its lines. @see https://docs.stripe.com/api/invoices/object */
export function newInvoice(
  given: Partial<Invoice> & {
    readonly id: string
    readonly created: number
    readonly currency: string
  },
  customer: Customer,
  lines: InvoiceLine[],
): Invoice {
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0)
  const discounts = totalDiscounts(lines)
  const net = discounts.reduce((left, { amount }) => left - amount, subtotal)
  const taxes = totalTaxes(lines)
  const added = sumOf(taxes.filter(({ tax_behavior: kind }) => kind === 'exclusive'))
  const included = sumOf(taxes) - added
  const total = net + added
  return {
    object: 'invoice',
    account_country: 'US',
    account_name: 'Perennial',
    account_tax_ids: null,
    amount_due: Math.max(total, 0),
    amount_overpaid: 0,
    amount_paid: 0,
    amount_paid_off_stripe: 0,
    amount_remaining: Math.max(total, 0),
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: {
      disabled_reason: null,
      enabled: false,
      liability: null,
      provider: null,
      status: null,
    },
    automatically_finalizes_at: null,
    billing_reason: 'manual',
    collection_method: 'charge_automatically',
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: discounts.map(({ discount }) => discount),
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: listOf(lines, `/v1/invoices/${given.id}/lines`),
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: null,
    payment_settings: {
      default_mandate: null,
      payment_method_options: null,
      payment_method_types: null,
    },
    period_end: given.created,
    period_start: given.created,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: customer.balance,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: {
      finalized_at: null,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
    subtotal,
    subtotal_excluding_tax: subtotal - included,
    test_clock: customer.test_clock ?? null,
    total,
    total_discount_amounts: discounts,
    total_excluding_tax: net - included,
    total_pretax_credit_amounts: [],
    total_taxes: taxes,
    webhooks_delivered_at: null,
    ...given,
  }
}

type Tax = NonNullable<Invoice['total_taxes']>[number]

/** The taxes of all lines, one sum for each rate. */
function totalTaxes(lines: readonly InvoiceLine[]): Tax[] {
  const totals = new Map<string, Tax>()
  for (const tax of lines.flatMap((line) => line.taxes ?? [])) {
    const rate = tax.tax_rate_details?.tax_rate ?? ''
    const held = totals.get(rate)
    totals.set(rate, {
      ...tax,
      amount: tax.amount + (held?.amount ?? 0),
      taxable_amount: (tax.taxable_amount ?? 0) + (held?.taxable_amount ?? 0),
    })
  }
  return [...totals.values()]
}

const sumOf = (taxes: readonly Tax[]) => taxes.reduce((sum, { amount }) => sum + amount, 0)

function totalDiscounts(lines: readonly InvoiceLine[]) {
  const totals = new Map<string, number>()
  for (const { amount, discount } of lines.flatMap((line) => line.discount_amounts ?? [])) {
    totals.set(discount, (totals.get(discount) ?? 0) + amount)
  }
  return [...totals].map(([discount, amount]) => ({ amount, discount }))
}
