import type { InvoiceLine, TaxRate } from '../store/stored.ts'
import { openAmount } from './discounts.ts'

/** The lines of an invoice with the taxes of the subscription's rates, after discounts. */
export const taxedLines = (
  lines: readonly InvoiceLine[],
  rates: readonly TaxRate[],
): InvoiceLine[] =>
  lines.map((line) => ({ ...line, taxes: rates.map((rate) => taxOf(openAmount(line), rate)) }))

function taxOf(taxable: number, { id, inclusive, percentage }: TaxRate) {
  const net = inclusive ? taxable / (1 + percentage / 100) : taxable
  return {
    amount: Math.round((net * percentage) / 100),
    tax_behavior: inclusive ? ('inclusive' as const) : ('exclusive' as const),
    tax_rate_details: { tax_rate: id },
    taxability_reason: 'not_available' as const,
    taxable_amount: Math.round(net),
    type: 'tax_rate_details' as const,
  }
}
