import type { Stripe } from 'stripe'
import type {
  Tier,
  Charge,
  CheckoutSession,
  Coupon,
  CreditNote,
  Customer,
  DeletedCustomer,
  Discount,
  Dispute,
  Event,
  Invoice,
  InvoiceItem,
  InvoicePayment,
  LineItem,
  Meter,
  PaymentIntent,
  PaymentMethod,
  PortalSession,
  Price,
  Product,
  PromotionCode,
  Refund,
  Schedule,
  Subscription,
  TaxRate,
  TestClock,
  WebhookEndpoint,
} from './stored.ts'

/** The behavior of a test card. Stored beside its payment method, because Stripe's object does not show it. */
export type Card = {
  readonly id: string
  /** A bank answers a debit days later: see `billing/debits.ts`. */
  readonly behaviour: 'succeeds' | 'declines' | 'authenticates' | 'takes_days' | 'fails_after_days'
  readonly declineCode: string
}

/** The objects that a checkout session will create; Stripe's session does not show them. */
export type CheckoutIntent = {
  readonly id: string
  readonly items: readonly { readonly price: string; readonly quantity: number }[]
  readonly trialEnd: { readonly days: number } | { readonly at: number } | null
  readonly description: string | null
  readonly metadata: Record<string, string>
  readonly missingPaymentMethod: 'cancel' | 'create_invoice' | 'pause'
  readonly billingCycleAnchor: number | null
  readonly discount: { readonly coupon: string; readonly promotionCode: string | null } | null
  readonly lines: LineItem[]
  /** Absent in journals of older builds. */
  readonly tax?: CheckoutTax
}

/** The tax settings of a checkout. */
export type CheckoutTax = {
  readonly automatic: boolean
  /** Whether the page asks businesses for a tax id. */
  readonly asksTaxId: boolean
  /** Whether the page asks for the whole billing address. */
  readonly asksAddress: boolean
}

/** A tax id of a customer, such as a VAT number. */
export type CustomerTaxId = {
  readonly id: string
  readonly customer: string
  readonly type: Stripe.TaxId.Type
  readonly value: string
}

/** A payment that the bank has not answered yet. The id is that of its payment intent. */
export type Debit = {
  readonly id: string
  readonly invoice: string
  readonly method: string
  readonly charge: string
  readonly answeredAt: number
  readonly succeeds: boolean
}

/** A pending delivery of an event to one endpoint. A 2xx from the endpoint deletes the row. */
export type Delivery = {
  readonly id: string
  readonly event: string
  readonly endpoint: string
  readonly attempts: number
}

/** A payment that waits for the customer's authentication. */
export type Challenge = {
  readonly id: string
  readonly card: string
  readonly email: string | null
  readonly name: string | null
  readonly fingerprint?: string | undefined
  readonly country?: string | undefined
  readonly taxId?: string | undefined
}

/** A change of a subscription that takes effect when its invoice is paid. */
export type PendingChange = {
  readonly id: string
  readonly invoice: string
  readonly to: Partial<Subscription>
}

/** The tiers of a price, which an answer contains only on request. The id is the price's. */
export type PriceTiers = { readonly id: string; readonly tiers: readonly Tier[] }

/** One meter event, as counted. */
export type Usage = {
  readonly id: string
  readonly identifier: string
  /** In seconds, by the simulator's clock. */
  readonly receivedAt: number
  readonly meter: string
  readonly customer: string
  readonly value: number
  readonly timestamp: number
}

/** Records that the end of a trial was announced to the customer, or that an invoice fell due. */
export type Reminder = { readonly id: string; readonly trialEnd: number }

/** The response that a key has; its id is the key, `created` is in seconds since 1970. */
export type IdempotencyRecord = {
  readonly id: string
  readonly fingerprint: string
  readonly status: number
  readonly body: string
  readonly requestId: string
  readonly created: number
}

/** The row of each table. Beside Stripe's objects there are records that no answer shows. */
export type Tables = {
  customers: Customer | DeletedCustomer
  products: Product
  prices: Price
  priceTiers: PriceTiers
  paymentMethods: PaymentMethod
  cards: Card
  debits: Debit
  checkoutSessions: CheckoutSession
  checkoutIntents: CheckoutIntent
  subscriptions: Subscription
  reminders: Reminder
  creditNotes: CreditNote
  testClocks: TestClock
  coupons: Coupon
  taxRates: TaxRate
  customerTaxIds: CustomerTaxId
  promotionCodes: PromotionCode
  discounts: Discount
  portalSessions: PortalSession
  meters: Meter
  meterEvents: Usage
  schedules: Schedule
  pendingChanges: PendingChange
  invoiceItems: InvoiceItem
  challenges: Challenge
  invoices: Invoice
  invoicePayments: InvoicePayment
  paymentIntents: PaymentIntent
  charges: Charge
  refunds: Refund
  disputes: Dispute
  events: Event
  webhookEndpoints: WebhookEndpoint
  deliveries: Delivery
  idempotency: IdempotencyRecord
}

/** The name of a table. */
export type TableName = keyof Tables

/**
 * The secondary keys for lookups, so that no request scans a whole table. Its keys are also the
 * store's list of tables, so tables without secondary keys are included.
 */
export const INDEXES: { readonly [Name in TableName]: Indexes<Tables[Name]> } = {
  customers: { test_clock: (row) => (row.deleted === true ? null : (row.test_clock ?? null)) },
  products: {},
  prices: { product: (row) => row.product, lookup_key: (row) => row.lookup_key },
  priceTiers: {},
  paymentMethods: { customer: (row) => row.customer },
  cards: {},
  debits: { invoice: (row) => row.invoice },
  checkoutSessions: {
    customer: (row) => row.customer,
    subscription: (row) => row.subscription,
    status: (row) => row.status,
  },
  checkoutIntents: {},
  subscriptions: { customer: (row) => row.customer, test_clock: (row) => row.test_clock },
  reminders: {},
  creditNotes: { invoice: (row) => row.invoice },
  testClocks: {},
  coupons: {},
  taxRates: {},
  customerTaxIds: { customer: (row) => row.customer },
  promotionCodes: { code: (row) => row.code.toLowerCase() },
  discounts: {},
  portalSessions: { secret: (row) => row.url.slice(row.url.lastIndexOf('/') + 1) },
  meters: { event_name: (row) => row.event_name },
  meterEvents: { customer: (row) => row.customer, identifier: (row) => row.identifier },
  schedules: { customer: (row) => row.customer },
  pendingChanges: {},
  invoiceItems: {
    customer: (row) => row.customer,
    pending: (row) =>
      row.invoice === null ? (row.parent?.subscription_details?.subscription ?? null) : null,
  },
  challenges: {},
  invoices: {
    customer: (row) => row.customer,
    subscription: (row) => row.parent?.subscription_details?.subscription ?? null,
  },
  invoicePayments: {
    invoice: (row) => row.invoice,
    payment_intent: (row) => row.payment.payment_intent ?? null,
  },
  paymentIntents: { customer: (row) => row.customer },
  charges: { customer: (row) => row.customer, payment_intent: (row) => row.payment_intent },
  refunds: { charge: (row) => row.charge },
  disputes: { charge: (row) => row.charge },
  events: { type: (row) => row.type },
  webhookEndpoints: {},
  deliveries: { event: (row) => row.event, endpoint: (row) => row.endpoint },
  idempotency: {},
}

/** The secondary keys of a row by the name of their index; null leaves the row out. */
export type Indexes<Row> = Readonly<Record<string, (row: Row) => string | null>>
