import { invalid } from '../http/refusal.ts'
import { newTaxRate } from '../objects/tax-rate.ts'
import type { Customer, Invoice, InvoiceLine, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'

/**
 * The standard rates of some countries, in percent. The account is registered in each of them, and in no other.
 *
 * @see https://europa.eu/youreurope/business/taxation/vat/vat-rules-rates/index_en.htm
 */
const STANDARD_RATES: Readonly<Record<string, number>> = {
  AT: 20,
  DE: 19,
  ES: 21,
  FR: 20,
  GB: 20,
  IE: 23,
  IT: 22,
  NL: 21,
  PT: 23,
}

type Tax = NonNullable<InvoiceLine['taxes']>[number]
type Status = NonNullable<Invoice['automatic_tax']['status']>

/** Whether Stripe knows where to tax a customer. */
export const taxStatus = ({ address }: Pick<Customer, 'address'>): Status =>
  address?.country == null ? 'requires_location_inputs' : 'complete'

/** The field `automatic_tax` of an invoice. */
export const automaticTaxOf = (
  enabled: boolean,
  customer: Pick<Customer, 'address'>,
): Invoice['automatic_tax'] => ({
  disabled_reason: null,
  enabled,
  liability: enabled ? { type: 'self' } : null,
  provider: enabled ? 'stripe' : null,
  status: enabled ? taxStatus(customer) : null,
})

/** The tax of one line by the customer's country. A business with a tax id in another country pays the tax itself. */
export function automaticTax(
  step: Step,
  customer: Customer,
  { line, taxable }: { readonly line: InvoiceLine; readonly taxable: number },
): Tax[] {
  const country = customer.address?.country
  if (country == null) return []
  const percentage = STANDARD_RATES[country]
  const price = step.find('prices', idOf(line.pricing?.price_details?.price))
  const inclusive = price?.tax_behavior === 'inclusive'
  const reason = reasonOf(step, customer, percentage)
  const charged = reason === 'standard_rated' ? (percentage ?? 0) : 0
  const net = inclusive ? taxable / (1 + charged / 100) : taxable
  return [
    {
      amount: Math.round((net * charged) / 100),
      tax_behavior: inclusive ? 'inclusive' : 'exclusive',
      tax_rate_details: { tax_rate: rateOf(step, { country, percentage: charged, inclusive }) },
      taxability_reason: reason,
      taxable_amount: charged === 0 ? 0 : Math.round(net),
      type: 'tax_rate_details',
    },
  ]
}

const idOf = (price: string | { readonly id: string } | null | undefined): string =>
  typeof price === 'string' ? price : (price?.id ?? '')

function reasonOf(
  step: Step,
  customer: Customer,
  percentage: number | undefined,
): 'customer_exempt' | 'not_collecting' | 'reverse_charge' | 'standard_rated' {
  if (customer.tax_exempt === 'exempt') return 'customer_exempt'
  if (percentage === undefined) return 'not_collecting'
  const [taxId] = taxIdsOf(step, customer)
  return customer.tax_exempt === 'reverse' || taxId !== undefined
    ? 'reverse_charge'
    : 'standard_rated'
}

/** The tax ids of a customer, as an invoice shows them. */
export const taxIdsOf = (step: Step, { id: key }: Pick<Customer, 'id'>) =>
  [...step.rows('customerTaxIds', { index: 'customer', key })].map(({ type, value }) => ({
    type,
    value,
  }))

type Rate = { readonly country: string; readonly percentage: number; readonly inclusive: boolean }

function rateOf(step: Step, { country, percentage, inclusive }: Rate): string {
  const id = `txr_${country}${percentage}${inclusive ? 'in' : 'ex'}`.toLowerCase()
  if (step.find('taxRates', id) === undefined)
    step.put(
      'taxRates',
      newTaxRate({ id, created: step.now, country, display_name: 'VAT', inclusive, percentage }),
    )
  return id
}

/** Stripe starts no automatic tax for a customer whose location it does not know. */
export function refuseWithoutLocation(
  customer: Customer,
  enabled: boolean | undefined,
  param: string,
): void {
  if (enabled !== true || taxStatus(customer) === 'complete') return
  throw invalid(
    "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    param,
    'customer_tax_location_invalid',
  )
}

/** The field `automatic_tax` of a subscription. */
export const subscriptionTax = (enabled: boolean): Subscription['automatic_tax'] => ({
  disabled_reason: null,
  enabled,
  liability: enabled ? { type: 'self' } : null,
})
