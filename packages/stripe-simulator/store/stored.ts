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

/** As `Stripe.Customer`, with its payment method as an id. */
export type Customer = Stored<Stripe.Customer>
/** As `Stripe.DeletedCustomer`: the id alone. */
export type DeletedCustomer = Stored<Stripe.DeletedCustomer>
/** As `Stripe.Product`, with its default price as an id. */
export type Product = Stored<Stripe.Product>
/** As `Stripe.Price`, with its product as an id and without its tiers. */
export type Price = Stored<Stripe.Price>
/** As `Stripe.Price.Tier`, with decimal amounts as strings. */
export type Tier = Stored<Stripe.Price.Tier>
/** As `Stripe.PaymentMethod`, with its customer as an id. */
export type PaymentMethod = Stored<Stripe.PaymentMethod>
/** As `Stripe.Checkout.Session`, with its customer and its subscription as ids. */
export type CheckoutSession = Stored<Stripe.Checkout.Session>
/** As `Stripe.LineItem`, with its price embedded. */
export type LineItem = Stored<Stripe.LineItem>
/** As `Stripe.Subscription`, with its customer, latest invoice and schedule as ids; its items are embedded. */
export type Subscription = Stored<Stripe.Subscription>
/** As `Stripe.SubscriptionItem`, with its price embedded. */
export type SubscriptionItem = Stored<Stripe.SubscriptionItem>
/** As `Stripe.Invoice`, with its customer as an id; all its lines are embedded, however many. */
export type Invoice = Stored<Stripe.Invoice>
/** As `Stripe.InvoiceLineItem`, with its price and its subscription as ids. */
export type InvoiceLine = Stored<Stripe.InvoiceLineItem>
/** As `Stripe.Refund`, with its charge and its payment as ids. */
export type Refund = Stored<Stripe.Refund>
/** As `Stripe.Dispute`, with its charge and its payment as ids. */
export type Dispute = Stored<Stripe.Dispute>
/** As `Stripe.SubscriptionSchedule`, with its subscription, and the prices of its phases, as ids. */
export type Schedule = Stored<Stripe.SubscriptionSchedule>
/** As `Stripe.BillingPortal.Session`, with its secret in the URL. */
export type PortalSession = Stored<Stripe.BillingPortal.Session>
/** As `Stripe.Billing.Meter`, which names no other object. */
export type Meter = Stored<Stripe.Billing.Meter>
/** As `Stripe.Coupon`; a deleted one stays, for the discounts that name it. */
export type Coupon = Stored<Stripe.Coupon>
/** As `Stripe.PromotionCode`, with its coupon and its customer as ids. */
export type PromotionCode = Stored<Stripe.PromotionCode>
/** As `Stripe.Discount`, with its coupon, its promotion code and its customer as ids. */
export type Discount = Stored<Stripe.Discount>
/** As `Stripe.TaxRate`, which names no other object. */
export type TaxRate = Stored<Stripe.TaxRate>
/** As `Stripe.TestHelpers.TestClock`; its time is in seconds since 1970. */
export type TestClock = Stored<Stripe.TestHelpers.TestClock>
/** As `Stripe.CreditNote`, with its invoice as an id. */
export type CreditNote = Stored<Stripe.CreditNote>
/** As `Stripe.InvoiceItem`, with its invoice as an id, or null while it waits for one. */
export type InvoiceItem = Stored<Stripe.InvoiceItem>
/** As `Stripe.InvoicePayment`, with its invoice and its payment as ids. */
export type InvoicePayment = Stored<Stripe.InvoicePayment>
/** As `Stripe.PaymentIntent`, with its latest charge and its method as ids. */
export type PaymentIntent = Stored<Stripe.PaymentIntent>
/** As `Stripe.Charge`, with its payment as an id. */
export type Charge = Stored<Stripe.Charge>
/** As `Stripe.WebhookEndpoint`, with its secret, which answers show once. */
export type WebhookEndpoint = Stored<Stripe.WebhookEndpoint>
/** The caller's own texts by name. @see https://docs.stripe.com/metadata */
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
