/** Whether a page asks for the billing address always, or only if Stripe needs it. */
export const BILLING_ADDRESSES = ['auto', 'required'] as const

/** Whether the amount of a price includes its tax. @see https://docs.stripe.com/tax/products-prices-tax-codes-tax-behavior */
export const TAX_BEHAVIORS = ['exclusive', 'inclusive'] as const

/** How payment pages and prices handle tax. Stripe calculates it. @see https://docs.stripe.com/tax/checkout */
export type TaxSettings = {
  /** Whether Stripe calculates the tax of subscriptions that begin on a page. */
  readonly automatic: boolean
  /** Whether businesses may enter a tax id. */
  readonly taxIds: boolean
  readonly billingAddress: (typeof BILLING_ADDRESSES)[number]
  /** Of prices that the system makes; null leaves it to the account's default. */
  readonly behavior: (typeof TAX_BEHAVIORS)[number] | null
}

/** No tax, and nothing that a page asks for it. */
export const NO_TAX: TaxSettings = {
  automatic: false,
  taxIds: false,
  billingAddress: 'auto',
  behavior: null,
}

/** The settings of one payment page that differ from the deployment. */
export type CheckoutTax = Partial<Pick<TaxSettings, 'automatic' | 'taxIds' | 'billingAddress'>>
