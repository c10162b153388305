import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import type { StripeSnapshot } from '../../../domain/stripe/snapshot.ts'
import type { Checkout } from '../../../domain/subscription/subscription.ts'
import { readFingerprint } from '../reading/fingerprint.ts'
import { ensureOveragePrices } from './usage-prices.ts'
import type { OveragePrice } from '../reading/overage-prices.ts'
import { readReturns } from '../reading/money-of-invoice.ts'
import { hasClearPlan } from '../reading/plan-item.ts'
import { readPrice, type ReadPrice } from '../reading/price-terms.ts'
import {
  previewEnd,
  previewPlanChange,
  type Preview,
  type PreviewOrder,
} from '../reading/preview.ts'
import {
  readOwner,
  readSnapshot,
  type SnapshotIds,
  type SubscriptionOwner,
} from '../reading/subscription.ts'
import { changeCancellation, endUnpaid, type CancellationOrder } from './cancellation.ts'
import { ensureCatalogue, renewPrice, type StripeIds } from './catalogue.ts'
import {
  createCheckout,
  expireCheckout,
  findDiscount,
  type CheckoutDiscount,
  type CheckoutOrder,
} from './checkout.ts'
import { changeCollection, sendsInvoices, type CollectionChange } from './collection.ts'
import type { GatewayContext, SubscriptionTarget } from './context.ts'
import { createCustomer, type CustomerOrder } from './customer.ts'
import { linkSubscription, type SubscriptionLink } from './import.ts'
import { addMeteredItems, type MeteredItemsOrder } from './metered-items.ts'
import { owesPeriod, pause, resume, type ResumptionOrder } from './pause.ts'
import {
  changePlanNow,
  dropPendingChange,
  hasPaymentMethod,
  schedulePlanChange,
  type PlanChangeNow,
  type ScheduledPlanChange,
} from './plan-change.ts'
import { returnMoney, type ReturnOrder, type ReturnOutcome } from './return-money.ts'
import { changeTrial, refuseTrial, type TrialChange } from './trial.ts'
import { unlessEnded } from './unless-ended.ts'

/**
 * Every request about subscriptions that we send to Stripe. Each POST has an idempotency key from `domain/keys.ts`, so a retry
 * never does the work twice. Errors are those of Stripe's SDK: see `classifyStripeError`. A command for a subscription that has
 * ended at Stripe changes nothing.
 */
export type StripeGateway = {
  /** Running it twice returns the same customer. */
  readonly createCustomer: (customer: CustomerOrder) => Promise<string>
  /** Finds or creates the product and price of a plan version. */
  readonly ensurePrice: (plan: PlanVersion) => Promise<StripeIds>
  /** The price to sell a version by, after Stripe refused one that was archived. Running it twice returns the same. */
  readonly renewPrice: (plan: PlanVersion, refused: string) => Promise<string>
  /** The metered prices for usage beyond a plan's quota: those of its usage prices, created if they are missing, and an operator's. */
  readonly ensureOveragePrices: (plan: PlanVersion) => Promise<readonly OveragePrice[]>
  /** Adds the metered items that a subscription lacks. Running it twice finds them. */
  readonly addMeteredItems: (order: MeteredItemsOrder) => Promise<void>
  /** Running it twice with one generation returns the same session. */
  readonly createCheckout: (checkout: CheckoutOrder) => Promise<Checkout>
  /** Closes an open session. Running it twice, or on a closed session, only returns how it ended. */
  readonly expireCheckout: (sessionId: string) => Promise<'expired' | 'complete'>
  /** Cancels now or later, or (null) withdraws a cancellation. Running it twice changes nothing more. */
  readonly changeCancellation: (order: CancellationOrder) => Promise<void>
  /** Ends a subscription whose first payment failed, and voids its invoice. Running it twice changes nothing more. */
  readonly endUnpaid: (target: SubscriptionTarget) => Promise<void>
  /** Changes the plan for the rest of the period. Running it twice changes and charges once. */
  readonly changePlanNow: (order: PlanChangeNow) => Promise<void>
  /** Schedules a plan change for the end of the period. Running it twice leaves one schedule. */
  readonly schedulePlanChange: (order: ScheduledPlanChange) => Promise<void>
  /** Withdraws a scheduled change and one that waits for its payment. Running it twice finds nothing pending. */
  readonly dropPendingChange: (target: SubscriptionTarget) => Promise<void>
  /** Whether a charge has a payment method. Changes nothing. */
  readonly hasPaymentMethod: (stripeSubscriptionId: string) => Promise<boolean>
  readonly sendsInvoices: (stripeSubscriptionId: string) => Promise<boolean>
  /** Whether exactly one item of the subscription is a plan. Changes nothing. */
  readonly hasClearPlan: (stripeSubscriptionId: string) => Promise<boolean>
  /** Reads the charge that a plan change would make now. Changes nothing. */
  readonly previewPlanChange: (order: PreviewOrder) => Promise<Preview>
  /** Reads the last invoice of a subscription that ends now; undefined if there would be none. Changes nothing. */
  readonly previewEnd: (stripeSubscriptionId: string) => Promise<Preview | undefined>
  /** Running it twice changes nothing more. */
  readonly pause: (target: SubscriptionTarget) => Promise<void>
  /** Whether the invoice of the present period is a draft or open. Changes nothing. */
  readonly owesPeriod: (stripeSubscriptionId: string) => Promise<boolean>
  /** Running it twice finds it active, or still waiting for the same payment. */
  readonly resume: (order: ResumptionOrder) => Promise<void>
  /** Sends later invoices with a due date, or charges them automatically. Running it twice changes nothing more. */
  readonly changeCollection: (order: CollectionChange) => Promise<void>
  /** Changes the end of a trial. Running it twice changes nothing more. */
  readonly changeTrial: (order: TrialChange) => Promise<void>
  /** Ends a trial: charged now, or without a payment the subscription ends. Running it twice changes nothing more. */
  readonly refuseTrial: (target: SubscriptionTarget) => Promise<void>
  /** The fingerprint of the payment method that a subscription is charged to; null when there is none. */
  readonly readFingerprint: (stripeSubscriptionId: string) => Promise<string | null>
  /** Refunds or credits a part of a paid invoice. Running it twice returns the money once. */
  readonly returnMoney: (order: ReturnOrder) => Promise<ReturnOutcome>
  /** Whether a command has returned money of an invoice. Changes nothing. */
  readonly hasReturned: (of: Pick<ReturnOrder, 'invoiceId' | 'command'>) => Promise<boolean>
  /** Writes our subscription's id into an imported one at Stripe. Running it twice changes nothing more. */
  readonly linkSubscription: (
    link: Omit<SubscriptionLink, 'isImport' | 'repairId'>,
  ) => Promise<void>
  /** The customer and prices of a subscription at Stripe; undefined when Stripe does not have it. */
  readonly readOwner: (stripeSubscriptionId: string) => Promise<SubscriptionOwner | undefined>
  /** The discount that a code or coupon gives now; undefined when it does not exist or is no longer valid. */
  readonly findDiscount: (
    by: { readonly promotionCode: string } | { readonly coupon: string },
  ) => Promise<CheckoutDiscount | undefined>
  /** Reads what a price charges; undefined when Stripe does not have it. */
  readonly readPrice: (priceId: string) => Promise<ReadPrice | undefined>
  /** Reads the current state of one subscription and its checkout session. */
  readonly readSnapshot: (of: SnapshotIds) => Promise<StripeSnapshot>
}

/** Binds each request to the client and the keys of this deployment. */
export function createStripeGateway(context: GatewayContext): StripeGateway {
  const { stripe } = context
  const ofLive =
    <Order extends SubscriptionTarget>(
      command: (context: GatewayContext, order: Order) => Promise<void>,
    ) =>
    (order: Order) =>
      unlessEnded(context, order, () => command(context, order))
  return {
    createCustomer: (customer) => createCustomer(context, customer),
    ensurePrice: (plan) => ensureCatalogue(context, plan),
    renewPrice: (plan, refused) => renewPrice(context, plan, refused),
    ensureOveragePrices: (plan) => ensureOveragePrices(context, plan),
    addMeteredItems: ofLive(addMeteredItems),
    createCheckout: (order) => createCheckout(context, order),
    expireCheckout: (sessionId) => expireCheckout(context, sessionId),
    changeCancellation: ofLive(changeCancellation),
    endUnpaid: ofLive(endUnpaid),
    changePlanNow: ofLive(changePlanNow),
    schedulePlanChange: ofLive(schedulePlanChange),
    dropPendingChange: ofLive(dropPendingChange),
    hasPaymentMethod: (id) => hasPaymentMethod(context, id),
    sendsInvoices: (id) => sendsInvoices(context, id),
    hasClearPlan: (id) => hasClearPlan(context, id),
    previewEnd: (id) => previewEnd(stripe, id),
    previewPlanChange: (order) => previewPlanChange(context, order),
    pause: ofLive(pause),
    owesPeriod: (id) => owesPeriod(context, id),
    resume: ofLive(resume),
    changeCollection: ofLive(changeCollection),
    changeTrial: ofLive(changeTrial),
    refuseTrial: ofLive(refuseTrial),
    readFingerprint: (id) => readFingerprint(stripe, id),
    returnMoney: (order) => returnMoney(context, order),
    hasReturned: async ({ invoiceId, command }) =>
      (await readReturns(stripe, invoiceId))?.commands.has(command) ?? false,
    linkSubscription: (link) => linkSubscription(context, { ...link, isImport: true }),
    readOwner: (id) => readOwner(stripe, id),
    findDiscount: (by) => findDiscount(stripe, by),
    readPrice: (id) => readPrice(stripe, id),
    readSnapshot: (of) => readSnapshot(context, of),
  }
}
