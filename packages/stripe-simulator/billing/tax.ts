import type { Customer, InvoiceLine, TaxRate } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { automaticTax } from './automatic-tax.ts'
import { openAmount } from './discounts.ts'

/** The taxes of an invoice come from rates that were set by hand, or from Stripe's own calculation. */
type Taxation = {
  readonly customer: Customer
  readonly rates: readonly TaxRate[]
  readonly automatic: boolean
}

/** The lines of an invoice with their taxes, after discounts. */
export const taxedLines = (
  step: Step,
  { customer, rates, automatic }: Taxation,
  lines: readonly InvoiceLine[],
): InvoiceLine[] =>
  lines.map((line) => ({
    ...line,
    taxes: automatic
      ? automaticTax(step, customer, { line, taxable: openAmount(line) })
      : rates.map((rate) => taxOf(openAmount(line), rate)),
  }))

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
