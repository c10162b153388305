/**
 * Everything that other processes may know of the workflow of a subscription: task queue, names, ids and messages. Plain
 * values only: this is the shape of histories, so names of fields stay. Where a field has an old word, its comment gives the
 * present one. `plan-migration-contract.ts` and `reconciliation-contract.ts` are those of the other workflows.
 */
import type { CommandRefusal } from '../domain/subscription/commands.ts'
import { defineSearchAttributeKey } from '@temporalio/common'
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { NetTerms } from '../domain/invoice/net-terms.ts'
import type { CheckoutTax } from '../domain/stripe/tax.ts'
import type { Status } from '../domain/subscription/subscription.ts'
import type { DroppedChange } from '../domain/subscription/set-aside.ts'
import type { ExtraRefusal } from '../domain/usage/extras.ts'

/** The task queue that every worker of a deployment polls. */
export const TASK_QUEUE = 'billing'
/** The type of the workflow of one subscription: from its checkout to its end, for years. */
export const SUBSCRIPTION_WORKFLOW = 'Subscription'
/** The id of a subscription's workflow: one for each subscription, so it is found again without a search. */
export const subscriptionWorkflowId = (subscriptionId: string): string =>
  `subscription/${subscriptionId}`

/** Operators search for subscriptions by these in the Temporal UI. They are never encrypted: ids and states only. */
export const SEARCH_ATTRIBUTES = {
  status: defineSearchAttributeKey('SubscriptionStatus', 'KEYWORD'),
  plan: defineSearchAttributeKey('Plan', 'KEYWORD'),
  planVersion: defineSearchAttributeKey('PlanVersion', 'INT'),
  userId: defineSearchAttributeKey('UserId', 'KEYWORD'),
  stripeCustomerId: defineSearchAttributeKey('StripeCustomerId', 'KEYWORD'),
  periodEnd: defineSearchAttributeKey('PeriodEnd', 'DATETIME'),
  pastDueSince: defineSearchAttributeKey('PastDueSince', 'DATETIME'),
  drift: defineSearchAttributeKey('Drift', 'BOOL'),
} as const

/** An instant as ISO 8601 in UTC: a `Date` does not survive a payload. */
export type Instant = string

/** The input of a subscription's workflow, and of each next run. */
export type SubscriptionInput = {
  /** Version of this shape. `restoreState` in `subscription-state.ts` reads every version. */
  readonly stateVersion: 1
  readonly subscriptionId: string
  readonly userId: string
  /** Null before the first step. A next run gets it without the part that its search attributes hold. */
  readonly view: (BriefView & Partial<SubscriptionView>) | null
  /** The subscription at Stripe that this one imports, if it was not sold here. */
  readonly adopts?: string | undefined
  /** The number of commands that failed permanently. */
  readonly spentKeys?: number | undefined
  /** The last observed events, so that a repeat costs nothing. `seen-events.ts` defines how they are written. */
  readonly seenEventIds?: readonly string[]
  /** The last answers: Temporal remembers an update's id for one run only. */
  readonly answers?: readonly {
    readonly commandId: string
    readonly answer: Answer
    readonly at: Instant
  }[]
  /** Facts that arrived while the last run was ending. */
  readonly facts?: readonly Fact[]
}

/**
 * The workflow's knowledge of its subscription after each step: small, and nothing personal. A history keeps it three times
 * a period, so absent facts are left out.
 */
export type SubscriptionView = {
  readonly status: Status
  readonly plan: string
  readonly planVersion: number
  readonly periodStart?: Instant | undefined
  readonly periodEnd?: Instant | undefined
  readonly cancelAt?: Instant | undefined
  readonly pendingChange?:
    { readonly kind: 'scheduled' | 'awaiting_payment'; readonly at: Instant } | undefined
  readonly resumesAt?: Instant | undefined
  readonly pastDueSince?: Instant | undefined
  readonly drift?: string | undefined
  readonly checkoutOpen?: true | undefined
  readonly checkoutGeneration: number
  readonly stripeCustomerId?: string | undefined
  readonly observedSeq: number
  /** The next due thing by time alone; absent after the end. */
  readonly due?: { readonly at: Instant; readonly what: string } | undefined
  /** Canceled or expired: nothing follows. */
  readonly over?: true | undefined
}

/** The part of the view that a next run reads from its search attributes. */
export type AttributeOfView = 'plan' | 'planVersion' | 'periodEnd' | 'stripeCustomerId'
/** The view as it is handed to a next run. */
export type BriefView = Omit<SubscriptionView, AttributeOfView>

/** Opens a page at Stripe, or starts a free plan at once. */
export type CheckoutRequest = {
  /** The version of the plan, a UUID. */
  readonly planVersionId: string
  /** Whether the plan costs nothing: then no page is opened. */
  readonly free: boolean
  /** Units of the plan, at least 1. */
  readonly quantity: number
  /** The add-ons to buy with the plan, as versions with their units; absent is none. */
  readonly addons?: readonly { readonly planVersionId: string; readonly quantity: number }[]
  /** `if_required` starts a trial without a card. */
  readonly paymentMethodCollection: 'always' | 'if_required'
  /** Where Stripe's page leads after the payment, and without it. */
  readonly successUrl: string
  readonly cancelUrl: string
  /** Stripe's ids, or `typed`: the customer may type a code on the page. */
  readonly discount?:
    { readonly promotionCodeId: string } | { readonly couponId: string } | { readonly typed: true }
  /** Overrides the deployment's tax settings for this page. */
  readonly tax?: CheckoutTax
  /** Whether a free plan begins without a request: the timeline then names no user. */
  readonly byItself?: boolean
}

/** The open page, or the reason why there is none. */
export type CheckoutAnswer =
  | {
      readonly kind: 'opened'
      readonly status: Status
      /** Null for a free plan, which is active already. */
      readonly checkoutUrl: string | null
      readonly expiresAt: Instant | null
      /** The days of the trial that the page gives; absent for none, and in histories of older builds. */
      readonly trialDays?: number
    }
  | { readonly kind: 'refused'; readonly code: CheckoutRefusal; readonly by: string | null }

/** Why no page was opened. */
export type CheckoutRefusal =
  /** The user has a live subscription. `by` is its id. */
  | 'subscription_exists'
  /** The open page was paid in this very moment. */
  | 'checkout_already_paid'
  /** A bank has not answered yet to the payment of an earlier page. */
  | 'payment_processing'

/** The origin of a command. */
export type Requester = {
  readonly actor: 'user' | 'operator'
  /** The API key of the request; absent for a user's token and for a command of the service. */
  readonly keyId?: string
  /** The name that the sender gave in Temporal's UI. */
  readonly askedBy?: string
}

/** Cancels now, at the end of the period or at an instant. */
export type CancelRequest = Requester & {
  /** `now`, `period_end`, or an ISO 8601 instant. */
  readonly when: string
}

/** Changes the plan, its quantity, its add-ons or all of them. */
export type PlanChangeRequest = Requester & {
  /** The version of the new plan, a UUID. */
  readonly planVersionId: string
  /** The plan stays as it is when the change has its turn, whatever `planVersionId` was before. */
  readonly keepsPlan?: true
  /** The facts that the caller confirmed: refused with `moved_on` if the subscription has others now. */
  readonly seen?: {
    readonly planVersionId: string
    readonly quantity: number
    readonly addons: readonly { readonly planVersionId: string; readonly quantity: number }[]
  }
  readonly when: 'now' | 'period_end'
  /** The instant for which the charge was previewed; null means now. */
  readonly prorationDate: Instant | null
  /** Units of the plan, at least 1; absent keeps the present number. */
  readonly quantity?: number
  /** The add-ons after the change: versions, each with at least 1 unit; absent keeps the present ones. */
  readonly addons?: readonly { readonly planVersionId: string; readonly quantity: number }[]
  /** The caller may change to less now, although that credits a period whose quota may be used up. Operators always may. */
  readonly mayDowngradeNow?: true
  /** Only from this version, and only while no change or cancellation is pending: a migration overrides no user's decision. */
  readonly onlyFrom?: string
  /** The cause that the timeline shows; absent for a request of the user or an operator. */
  readonly cause?: string
}

/** Pauses now: nothing is charged and there is no access until it resumes. */
export type PauseRequest = Requester & {
  /** When it resumes automatically; null when it waits for a command. */
  readonly resumesAt: Instant | null
}

/** Moves the end of a trial. `endsAt` lies in the future. */
export type ExtendTrialRequest = Requester & { readonly endsAt: Instant }

/**
 * An operator's request, with an API key (`keyId`) or from Temporal's UI (`askedBy`, the operator's own words). The list of
 * operators' actions shows the reason: leave personal data out of it.
 */
export type OperatorRequest = {
  readonly reason: string
  readonly askedBy?: string
  readonly keyId?: string
}

/** Sends invoices with a due date instead of charging, or charges automatically again. */
export type CollectionRequest = OperatorRequest & {
  /** Null charges automatically. */
  readonly terms: NetTerms | null
}

/** Gives a customer more of a feature than the plan includes. */
export type GrantRequest = OperatorRequest & {
  /** The code of a counted feature. */
  readonly feature: string
  /** Units of the feature, a whole number from 1 to 10^12. */
  readonly amount: number
  /** When the grant expires; absent when it never does. */
  readonly expiresAt?: Instant
}

/** The grant, or why there is none. The same command gives the same id. */
export type GrantAnswer =
  | { readonly kind: 'granted'; readonly grantId: string }
  | { readonly kind: 'refused'; readonly code: ExtraRefusal }

/** The status after a command, or why it was not carried out. */
export type CommandAnswer =
  | { readonly kind: 'done'; readonly status: Status; readonly dropped?: DroppedChange }
  | { readonly kind: 'refused'; readonly code: CommandRefusal }

export type { CommandRefusal }

/** The answer of any update that is remembered across runs. */
export type Answer = CheckoutAnswer | CommandAnswer | GrantAnswer

/** Something that happened elsewhere. All share one signal, so that they keep their order. */
export type Fact =
  | {
      readonly kind: 'stripeChanged'
      /** The Stripe events that caused it: they are done when the observation is committed. */
      readonly eventIds: readonly string[]
      /** The type of each event, for the card; absent for a comparison, which is no event of Stripe. */
      readonly types?: readonly string[]
      /** The subscription at Stripe that the events are about, while ours is not known there. */
      readonly joins?: string | undefined
    }
  /** Usage reached a threshold: pending rows of `usage_alerts` are reported. */
  | { readonly kind: 'thresholdCrossed' }

/**
 * The commands of a subscription, as updates. Each is carried out once per update id, which is made from the caller's
 * idempotency key; a repeat gets the first answer.
 * @throws an `ApplicationFailure` whose type is one of the codes at the end of this file
 */
export const checkout = defineUpdate<CheckoutAnswer, [CheckoutRequest]>('checkout')
/** Ends the subscription now, at the end of the period, or at an instant. */
export const cancel = defineUpdate<CommandAnswer, [CancelRequest]>('cancel')
/** Withdraws a scheduled end. The plan change that the end had withdrawn is scheduled again, or reported as `dropped`. */
export const withdrawCancellation = defineUpdate<CommandAnswer, [Requester]>('withdrawCancellation')
/** Changes the plan or its quantity, now or at the end of the period. */
export const changePlan = defineUpdate<CommandAnswer, [PlanChangeRequest]>('changePlan')
/** Withdraws a change that is scheduled or waits for its payment. */
export const withdrawPlanChange = defineUpdate<CommandAnswer, [Requester]>('withdrawPlanChange')
/** Stops access and invoices until the subscription resumes. */
export const pause = defineUpdate<CommandAnswer, [PauseRequest]>('pause')
/** Resumes a paused subscription. If nothing is left of its period, a new one is charged first. */
export const resume = defineUpdate<CommandAnswer, [Requester]>('resume')
/** Moves the end of the trial. */
export const extendTrial = defineUpdate<CommandAnswer, [ExtendTrialRequest]>('extendTrial')
/** Ends the trial now, and charges the first period. */
export const endTrial = defineUpdate<CommandAnswer, [Requester]>('endTrial')
/** Reads Stripe and applies what it says; the answer is the view after it. Runs before waiting commands. */
export const sync = defineUpdate<SubscriptionView>('sync')
/** Grants the user more of a feature. For operators only. */
export const grant = defineUpdate<GrantAnswer, [GrantRequest]>('grant')
/** Sends invoices with a due date, or charges automatically again. For operators only. */
export const changeCollection = defineUpdate<CommandAnswer, [CollectionRequest]>('changeCollection')
/** Ends the subscription here and at Stripe, whatever its state. Runs before waiting commands. */
export const forceCancel = defineUpdate<CommandAnswer, [OperatorRequest]>('forceCancel')
/** Something that happened at Stripe or in the usage ledger. Never answered; applied in order. */
export const fact = defineSignal<[Fact]>('fact')
/** The state that a next run would get: for operators, `perennial doctor` and tests. */
export const state = defineQuery<SubscriptionInput>('state')

/** Why a validator refuses an update: the `type` of its failure. */
export const SUBSCRIPTION_OVER = 'subscription_over'
/** The request is incomplete or impossible. */
export const REQUEST_INVALID = 'request_invalid'
/** The status does not allow the command: see `domain/subscription/commands.ts`. */
export const COMMAND_NOT_ALLOWED = 'move_not_allowed'
/** A step failed permanently: the `type` of the update's failure. */
export const STEP_FAILED = 'step_failed'
/** Stripe refused the discount of a checkout: it is used up, expired, deleted, or for other customers. */
export const DISCOUNT_REFUSED = 'discount_refused'
/** Stripe did not confirm the step in time, so its effect is not known yet: the `type` of the update's failure. */
export const STEP_UNCONFIRMED = 'step_unconfirmed'
