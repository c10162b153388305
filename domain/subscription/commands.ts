import { STARTED, type Status } from './subscription.ts'

/**
 * The commands that each status allows. This is the only place: validators refuse by it, and tests compare the documents
 * with it.
 */
export const ALLOWED = {
  changePlan: ['trialing', 'active'],
  withdrawPlanChange: ['trialing', 'active', 'past_due', 'paused'],
  cancel: ['incomplete', ...STARTED],
  withdrawCancellation: ['trialing', 'active', 'past_due'],
  pause: ['active'],
  resume: ['paused'],
  extendTrial: ['trialing'],
  endTrial: ['trialing'],
  sync: ['incomplete', ...STARTED],
  grant: ['incomplete', ...STARTED],
  changeCollection: ['trialing', 'active', 'past_due', 'unpaid'],
  forceCancel: ['incomplete', ...STARTED],
} as const satisfies Record<string, readonly Status[]>

/** The commands of users and operators. */
export type Command = keyof typeof ALLOWED

/** Whether a status allows a command. */
export const allows = (command: Command, status: Status): boolean =>
  ALLOWED[command].some((allowed) => allowed === status)

/**
 * The statuses that may follow each status; the database refuses all others. Stripe decides, and several of its changes
 * may arrive as one, so a started subscription may change to any other started status. Nothing follows an end, and
 * nothing becomes `incomplete` again.
 */
export const TRANSITIONS: Readonly<Record<Status, readonly Status[]>> = {
  incomplete: [...STARTED, 'canceled', 'incomplete_expired'],
  trialing: [...STARTED, 'canceled'],
  active: [...STARTED, 'canceled'],
  past_due: [...STARTED, 'canceled'],
  unpaid: [...STARTED, 'canceled'],
  paused: [...STARTED, 'canceled'],
  canceled: [],
  incomplete_expired: [],
}

/** The time at which a cancellation takes effect. */
export type CancellationTime = 'now' | 'period_end' | Date

/** Why a subscription's workflow refuses a command. */
export type CommandRefusal =
  /** The open page was paid in this very moment. */
  | 'checkout_already_paid'
  /** No cancellation is scheduled, or no change of plan is pending. */
  | 'nothing_to_withdraw'
  /** The subscription has changed since the caller read it. */
  | 'moved_on'
  /** It has ended at Stripe, which was not known here before. */
  | 'subscription_over'
  /** The change is the end of the subscription's offer. */
  | 'offer_ends'
  /** None of the items at Stripe has the price of a plan, or several have. */
  | 'plan_unclear'
  /** An add-on of the subscription cannot be beside the new plan. */
  | 'addon_does_not_fit'
  /** Neither the quantity nor the add-ons can grow while nothing is paid. */
  | 'grows_in_trial'
  /** More seats are held than the change would leave. */
  | 'quantity_in_use'
  /** Only operators may change to less before the end of the paid period. */
  | 'downgrade_not_now'
  /** The invoice of the present period is not paid yet. */
  | 'payment_pending'
  /** The change ends the trial and is charged, and there is no card to charge. */
  | 'payment_method_required'
  /** A bank has not answered yet, and what it pays for cannot be withdrawn before. */
  | 'payment_processing'
  /** The plan is free, so nothing is collected. */
  | 'nothing_to_collect'
  /** Invoices are sent, so a change now would count before it is paid: an operator may give that credit. */
  | 'pays_by_invoice'
  /** A pending change of plan would undo the command when it happens. */
  | 'change_pending'
  /** Collection is paused at Stripe, so the charge would not be collected. */
  | 'collection_paused'
