import { taxStatus } from '../billing/automatic-tax.ts'
import { invalid } from '../http/refusal.ts'
import type { Values } from '../http/params.ts'
import { addressOf } from '../objects/customer.ts'
import { newId } from '../store/ids.ts'
import type { CheckoutSession, Customer, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import type { CheckoutIntent, CheckoutTax } from '../store/tables.ts'
import { revise } from '../webhooks/emit.ts'
import type { CREATE } from './params.ts'

type Params = Values<typeof CREATE>

/** The tax settings of a checkout's parameters. */
export const taxOf = (params: Params): CheckoutTax => ({
  automatic: params.automatic_tax?.enabled ?? false,
  asksTaxId: params.tax_id_collection?.enabled ?? false,
  asksAddress: params.billing_address_collection === 'required',
})

/** A page may change an existing customer only if the call allows it. */
export function refuseTaxWithout(params: Params, customer: Customer | null): void {
  const { automatic, asksTaxId } = taxOf(params)
  if (customer === null) return
  if (automatic && taxStatus(customer) !== 'complete' && params.customer_update?.address !== 'auto')
    throw invalid(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
      'automatic_tax',
      'customer_tax_location_invalid',
    )
  if (asksTaxId && params.customer_update?.name !== 'auto')
    throw invalid(
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
      'customer_update[name]',
    )
}

/** The fields of a session that show its tax settings. The tax is known when the page has the customer's address. */
export function taxFields(params: Params, customer: Customer | null): Partial<CheckoutSession> {
  const { automatic, asksTaxId } = taxOf(params)
  return {
    automatic_tax: {
      enabled: automatic,
      liability: automatic ? { type: 'self' } : null,
      provider: automatic ? 'stripe' : null,
      status: automatic ? taxStatus(customer ?? { address: null }) : null,
    },
    ...(asksTaxId && { tax_id_collection: { enabled: true, required: 'never' as const } }),
  }
}

type Form = {
  readonly intent: CheckoutIntent
  readonly given: { readonly country?: string | undefined; readonly taxId?: string | undefined }
}

/** The country that the page's form offers first. */
export const COUNTRY_DEFAULT = 'US'

/** Stores the address and the tax id that the page asked for. */
export function withTaxDetails(
  step: Step,
  customer: Customer,
  { intent: { tax }, given: { country, taxId } }: Form,
): Customer {
  if (tax === undefined) return customer
  if (tax.asksTaxId && taxId !== undefined) {
    const id = newId('txi')
    step.put('customerTaxIds', { id, customer: customer.id, type: 'eu_vat', value: taxId })
  }
  if (!tax.automatic && !tax.asksAddress) return customer
  const held = customer.address?.country ?? null
  const next = country ?? held ?? COUNTRY_DEFAULT
  if (next === held) return customer
  return revise(step, 'customers', {
    row: customer,
    to: { address: addressOf({ country: next }) },
    event: 'customer.updated',
  })
}

/** The amounts of a paid page, with the tax of its first invoice. */
export function taxedAmounts(step: Step, subscription: Subscription): Partial<CheckoutSession> {
  const invoice = step.find('invoices', subscription.latest_invoice ?? '')
  if (!subscription.automatic_tax.enabled || invoice === undefined) return {}
  const tax = (invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0)
  const off = (invoice.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0)
  return {
    amount_subtotal: invoice.subtotal,
    amount_total: invoice.total,
    automatic_tax: {
      enabled: true,
      liability: { type: 'self' },
      provider: 'stripe',
      status: 'complete',
    },
    total_details: { amount_discount: off, amount_shipping: 0, amount_tax: tax },
  }
}
