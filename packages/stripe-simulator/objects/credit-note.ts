import { newId } from '../store/ids.ts'
import type { CreditNote, Invoice } from '../store/stored.ts'
import { listOf } from './list.ts'

/** A credit note to build; amounts are in the smallest unit of the invoice's currency. */
export type CreditPlan = {
  readonly amount: number
  readonly created: number
  readonly memo: string | null
  readonly reason: CreditNote['reason']
  readonly metadata: Readonly<Record<string, string>>
  readonly refund: { readonly id: string; readonly amount: number } | null
}

/**
 * An issued credit note with one line.
 * @param ordinal from 1, the last part of its number.
 * @see https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
 */
export function newCreditNote(invoice: Invoice, plan: CreditPlan, ordinal: number): CreditNote {
  const id = newId('cn')
  const line = {
    id: newId('cnli'),
    object: 'credit_note_line_item' as const,
    amount: plan.amount,
    description: plan.memo,
    discount_amount: 0,
    discount_amounts: [],
    livemode: false,
    metadata: {},
    pretax_credit_amounts: [],
    quantity: 1,
    tax_rates: [],
    taxes: [],
    type: 'custom_line_item' as const,
    unit_amount: plan.amount,
    unit_amount_decimal: String(plan.amount),
  }
  return {
    id,
    object: 'credit_note',
    amount: plan.amount,
    amount_shipping: 0,
    created: plan.created,
    currency: invoice.currency,
    customer: invoice.customer ?? '',
    customer_account: null,
    customer_balance_transaction: null,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: plan.created,
    invoice: invoice.id,
    lines: listOf([line], `/v1/credit_notes/${id}/lines`),
    livemode: false,
    memo: plan.memo,
    metadata: plan.metadata,
    number: `${invoice.number ?? invoice.id}-CN-${String(ordinal).padStart(2, '0')}`,
    out_of_band_amount: null,
    pdf: invoice.invoice_pdf ?? '',
    post_payment_amount: plan.amount,
    pre_payment_amount: 0,
    pretax_credit_amounts: [],
    reason: plan.reason,
    refunds:
      plan.refund === null
        ? []
        : [
            {
              amount_refunded: plan.refund.amount,
              payment_record_refund: null,
              refund: plan.refund.id,
              type: 'refund',
            },
          ],
    shipping_cost: null,
    status: 'issued',
    subtotal: plan.amount,
    subtotal_excluding_tax: plan.amount,
    total: plan.amount,
    total_excluding_tax: plan.amount,
    total_taxes: [],
    type: 'post_payment',
    voided_at: null,
  }
}
