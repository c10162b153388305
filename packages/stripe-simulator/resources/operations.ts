import type { Operation } from '../http/operation.ts'
import { checkoutSessions } from './checkout-sessions.ts'
import { coupons } from './coupons.ts'
import { creditNotes } from './credit-notes.ts'
import { customers } from './customers.ts'
import { events } from './events.ts'
import { invoiceItems } from './invoice-items.ts'
import { invoices } from './invoices.ts'
import { meters } from './meters.ts'
import { paymentMethods } from './payment-methods.ts'
import { payments } from './payments.ts'
import { portalSessions } from './portal-sessions.ts'
import { prices } from './prices.ts'
import { products } from './products.ts'
import { refunds } from './refunds.ts'
import { subscriptionPauses } from './subscription-pause.ts'
import { subscriptionSchedules } from './subscription-schedules.ts'
import { subscriptions } from './subscriptions.ts'
import { taxRates } from './tax-rates.ts'
import { testClocks } from './test-clocks.ts'
import { webhookEndpoints } from './webhook-endpoints.ts'

/** All operations of the API. */
export const operations: readonly Operation[] = [
  ...checkoutSessions,
  ...coupons,
  ...creditNotes,
  ...customers,
  ...events,
  ...invoiceItems,
  ...invoices,
  ...meters,
  ...paymentMethods,
  ...payments,
  ...portalSessions,
  ...prices,
  ...products,
  ...refunds,
  ...subscriptionPauses,
  ...subscriptionSchedules,
  ...subscriptions,
  ...taxRates,
  ...testClocks,
  ...webhookEndpoints,
]
