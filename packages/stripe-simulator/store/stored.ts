import type { Stripe } from 'stripe'

/**
 * A Stripe object as the simulator stores it and sends it without `expand`: every
 * expandable field is an id, every decimal is a string. Derived from the SDK's own types, so a
 * builder that omits a field, or keeps one that the API version dropped, does not compile.
 */
export type Stored<T> = string extends T ? Scalar<T> : Plain<T>

type Scalar<T> = T extends string | number | boolean | null | undefined ? T : never

type Plain<T> = T extends Stripe.Decimal
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Element)[]
      ? Stored<Element>[]
      : T extends object
        ? { [Key in keyof T]: Stored<T[Key]> }
        : T

export type Customer = Stored<Stripe.Customer>
export type DeletedCustomer = Stored<Stripe.DeletedCustomer>
export type Product = Stored<Stripe.Product>
export type Price = Stored<Stripe.Price>
export type Tier = Stored<Stripe.Price.Tier>
export type PaymentMethod = Stored<Stripe.PaymentMethod>
export type CheckoutSession = Stored<Stripe.Checkout.Session>
export type LineItem = Stored<Stripe.LineItem>
export type Subscription = Stored<Stripe.Subscription>
export type SubscriptionItem = Stored<Stripe.SubscriptionItem>
export type Invoice = Stored<Stripe.Invoice>
export type InvoiceLine = Stored<Stripe.InvoiceLineItem>
export type Refund = Stored<Stripe.Refund>
export type Dispute = Stored<Stripe.Dispute>
export type Schedule = Stored<Stripe.SubscriptionSchedule>
export type PortalSession = Stored<Stripe.BillingPortal.Session>
export type Meter = Stored<Stripe.Billing.Meter>
export type Coupon = Stored<Stripe.Coupon>
export type PromotionCode = Stored<Stripe.PromotionCode>
export type Discount = Stored<Stripe.Discount>
export type TaxRate = Stored<Stripe.TaxRate>
export type TestClock = Stored<Stripe.TestHelpers.TestClock>
export type CreditNote = Stored<Stripe.CreditNote>
export type InvoiceItem = Stored<Stripe.InvoiceItem>
export type InvoicePayment = Stored<Stripe.InvoicePayment>
export type PaymentIntent = Stored<Stripe.PaymentIntent>
export type Charge = Stored<Stripe.Charge>
export type WebhookEndpoint = Stored<Stripe.WebhookEndpoint>
export type Metadata = { [name: string]: string }

/** The envelope only: the payload is a snapshot of the changed object. */
export type Event = {
  id: string
  object: 'event'
  api_version: string
  created: number
  data: { object: object; previous_attributes?: object }
  livemode: false
  pending_webhooks: number
  request: { id: string | null; idempotency_key: string | null }
  type: string
}
