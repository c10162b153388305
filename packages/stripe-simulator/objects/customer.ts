import type { Customer } from '../store/stored.ts'
import { newId } from '../store/ids.ts'

/** The parts of an address that are given; all others are null. */
export const addressOf = (
  given: Partial<Record<keyof NonNullable<Customer['address']>, string | undefined>>,
): NonNullable<Customer['address']> => ({
  city: given.city ?? null,
  country: given.country ?? null,
  line1: given.line1 ?? null,
  line2: given.line2 ?? null,
  postal_code: given.postal_code ?? null,
  state: given.state ?? null,
})

/** A customer without a currency or a payment method, and with a balance of 0. */
export function newCustomer(given: Partial<Customer> & { readonly created: number }): Customer {
  const id = newId('cus', 14)
  return {
    id,
    object: 'customer',
    address: null,
    balance: 0,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
    ...given,
  }
}
