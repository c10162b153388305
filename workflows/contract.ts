/**
 * All that another process may know of the workflows: where they run, what they are called, what they can be asked
 * and told. Plain values only: this is the shape of histories.
 */
import { defineSearchAttributeKey } from '@temporalio/common'
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { Phase, Scope } from '../domain/stripe/reconciliation.ts'
import type { MigrationPhase, MigrationState } from '../domain/migration/plan-migration.ts'
import type { Status } from '../domain/subscription/subscription.ts'
import type { ExtraRefusal } from '../domain/usage/extras.ts'

export const TASK_QUEUE = 'billing'
export const SUBSCRIPTION_WORKFLOW = 'Subscription'

export const PLAN_MIGRATION_WORKFLOW = 'PlanMigration'
export const planMigrationWorkflowId = (migrationId: string): string =>
  `plan-migration/${migrationId}`

export const subscriptionWorkflowId = (subscriptionId: string): string =>
  `subscription/${subscriptionId}`

/** By these an operator finds subscriptions in the Temporal UI. They are never encrypted: ids and states only. */
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

/** What a subscription's workflow starts with, and what one run leaves to the next. */
export type SubscriptionInput = {
  /** Version of this shape; `resume` in `workflows/subscription-state.ts` reads all older ones. */
  readonly stateVersion: 1
  readonly subscriptionId: string
  readonly userId: string
  /** From one run to the next without what the search attributes of the new run say already. */
  readonly view: (BriefView & Partial<SubscriptionView>) | null
  /** A subscription of Stripe's that was not sold here: it begins with what Stripe says of it. */
  readonly adopts?: string | undefined
  /** How many commands failed for good. */
  readonly spentKeys?: number | undefined
  /** Events taken in lately, so that a second delivery costs nothing; `workflows/seen-events.ts` says how they are written. */
  readonly seenEventIds?: readonly string[]
  /** Answers given lately: an update's id is remembered for one run only. */
  readonly answers?: readonly {
    readonly commandId: string
    readonly answer: Answer
    readonly at: Instant
  }[]
  /** Facts that came while the last run was ending. */
  readonly facts?: readonly Fact[]
}

/**
 * What the workflow knows of its subscription after each step: small, and nothing personal. It is written into a history
 * three times a period, so what there is not is left out.
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
  /** What comes next by time alone; absent when the subscription is over. */
  readonly due?: { readonly at: Instant; readonly what: string } | undefined
  /** Canceled or expired: nothing follows. */
  readonly over?: true | undefined
}

/** What a run that was continued reads from its search attributes, where an operator sees it anyway. */
export type AttributeOfView = 'plan' | 'planVersion' | 'periodEnd' | 'stripeCustomerId'
export type BriefView = Omit<SubscriptionView, AttributeOfView>

export type CheckoutRequest = {
  readonly planVersionId: string
  readonly free: boolean
  readonly quantity: number
  /** `if_required` begins a trial without a card. */
  readonly paymentMethodCollection: 'always' | 'if_required'
  readonly successUrl: string
  readonly cancelUrl: string
  /** Ids of Stripe's, or `typed`: whatever code the person types on the page. */
  readonly discount?:
    { readonly promotionCodeId: string } | { readonly couponId: string } | { readonly typed: true }
}

export type CheckoutAnswer =
  | {
      readonly kind: 'opened'
      readonly status: Status
      /** Null when nothing is to be paid: the subscription runs already. */
      readonly checkoutUrl: string | null
      readonly expiresAt: Instant | null
    }
  | { readonly kind: 'refused'; readonly code: CheckoutRefusal; readonly by: string | null }

export type CheckoutRefusal =
  /** The user has a live subscription; `by` is its id. */
  | 'subscription_exists'
  /** The open page was paid in this very moment. */
  | 'checkout_already_paid'

/** Who asks. */
export type Requester = { readonly actor: 'user' | 'operator' }

export type CancelRequest = Requester & {
  /** `now`, `period_end`, or an ISO 8601 instant. */
  readonly when: string
}

export type PlanChangeRequest = Requester & {
  readonly planVersionId: string
  readonly when: 'now' | 'period_end'
  /** As of when the charge was previewed; null means now. */
  readonly prorationDate: Instant | null
  /** How many of the plan; without it as many as before. */
  readonly quantity?: number
  /** Only from this version, and only while nobody's own change or end is pending: a migration takes no choice back. */
  readonly onlyFrom?: string
  /** What the timeline says of it, where nobody just asked. */
  readonly cause?: string
}

export type PauseRequest = Requester & {
  /** When it goes on by itself; null when somebody resumes it. */
  readonly resumesAt: Instant | null
}

export type ExtendTrialRequest = Requester & { readonly endsAt: Instant }

/**
 * What an operator asks for, by a key of the API or in Temporal's UI, where nobody is known but by their own words. Reasons
 * are for the list of actions; leave people's names and addresses out of them.
 */
export type OperatorRequest = {
  readonly reason: string
  readonly askedBy?: string
  readonly keyId?: string
}

export type GrantRequest = OperatorRequest & {
  /** The code of a feature that is counted. */
  readonly feature: string
  readonly amount: number
  /** From this instant on it counts no more; absent is never. */
  readonly expiresAt?: Instant
}

export type GrantAnswer =
  | { readonly kind: 'granted'; readonly grantId: string }
  | { readonly kind: 'refused'; readonly code: ExtraRefusal }

export type CommandAnswer =
  | { readonly kind: 'done'; readonly status: Status }
  | { readonly kind: 'refused'; readonly code: CommandRefusal }

export type CommandRefusal =
  /** The open page was paid in this very moment. */
  | 'checkout_already_paid'
  /** No cancellation is scheduled, or no change of plan is pending. */
  | 'nothing_to_withdraw'
  /** The subscription is not any more as whoever asked has seen it. */
  | 'moved_on'

export type Answer = CheckoutAnswer | CommandAnswer | GrantAnswer

/** Something that happened elsewhere. One signal for all of them, so that they keep their order. */
export type Fact =
  | {
      readonly kind: 'stripeChanged'
      /** The Stripe events that told us; they are done when the observation is committed. */
      readonly eventIds: readonly string[]
      /** What each of them is, for people; absent where it is no event of Stripe's. */
      readonly types?: readonly string[]
      /** What they tell of, while the subscription is not known at Stripe yet. */
      readonly joins?: string | undefined
    }
  /** Usage reached a threshold: what is pending in `usage_alerts` wants to be told. */
  | { readonly kind: 'thresholdCrossed' }

export const checkout = defineUpdate<CheckoutAnswer, [CheckoutRequest]>('checkout')
export const cancel = defineUpdate<CommandAnswer, [CancelRequest]>('cancel')
export const withdrawCancellation = defineUpdate<CommandAnswer, [Requester]>('withdrawCancellation')
export const changePlan = defineUpdate<CommandAnswer, [PlanChangeRequest]>('changePlan')
export const withdrawPlanChange = defineUpdate<CommandAnswer, [Requester]>('withdrawPlanChange')
export const pause = defineUpdate<CommandAnswer, [PauseRequest]>('pause')
export const resume = defineUpdate<CommandAnswer, [Requester]>('resume')
export const extendTrial = defineUpdate<CommandAnswer, [ExtendTrialRequest]>('extendTrial')
export const endTrial = defineUpdate<CommandAnswer, [Requester]>('endTrial')
export const sync = defineUpdate<SubscriptionView>('sync')
export const grant = defineUpdate<GrantAnswer, [GrantRequest]>('grant')
export const forceCancel = defineUpdate<CommandAnswer, [OperatorRequest]>('forceCancel')
export const fact = defineSignal<[Fact]>('fact')
export const state = defineQuery<SubscriptionInput>('state')

/** What a migration of subscribers starts with, and what one run leaves to the next: small, however many it moves. */
export type PlanMigrationInput = {
  readonly stateVersion: 1
  readonly migrationId: string
  readonly phase: MigrationPhase
  /** Why it goes on only when it is told to; null when it goes on. */
  readonly hold: MigrationHold | null
  readonly dryRun: boolean
  readonly canaryPercent: number
  readonly ratePerMinute: number
  /** The last subscription that was looked at while planning. */
  readonly cursor: string | null
  readonly tally: MigrationTally
}

export type MigrationHold =
  | 'asked'
  /** The canary was moved, and somebody has to agree. */
  | 'canary'
  /** Too many moves failed. */
  | 'failures'

/** What this migration did, over all of its runs. */
export type MigrationTally = {
  readonly planned: number
  readonly moved: number
  readonly skipped: number
  readonly failed: number
  /** Since it last went on. */
  readonly failedLately: number
  readonly rolledBack: number
}

export type MigrationProgress = {
  readonly state: MigrationState
  readonly tally: MigrationTally
}

export const STEERS = ['pause', 'go_on', 'stop', 'roll_back'] as const
export type Steer = (typeof STEERS)[number]

export const steer = defineUpdate<MigrationProgress, [Steer]>('steer')
export const progress = defineQuery<MigrationProgress>('progress')

/** Why a validator refuses an update: the `type` of its failure. */
export const SUBSCRIPTION_OVER = 'subscription_over'
/** What was asked for is not complete, or not possible. */
export const REQUEST_INVALID = 'request_invalid'
/** The status does not allow what was asked; see `domain/subscription/commands.ts`. */
export const COMMAND_NOT_ALLOWED = 'move_not_allowed'
/** A migration cannot be steered like this now. */
export const STEER_NOT_ALLOWED = 'steer_not_allowed'
/** A step failed in a way that no retry mends: the `type` of the update's failure. */
export const STEP_FAILED = 'step_failed'

export const RECONCILIATION_WORKFLOW = 'Reconciliation'

export const reconciliationWorkflowId = (id: string): string => `reconciliation/${id}`

/** What a comparison with Stripe starts with, and what one run leaves to the next. */
export type ReconciliationInput = {
  /** Who wants it, for the report. */
  readonly cause: string
  readonly scope: Scope
  /** Nothing is mended: what would be is reported. */
  readonly dryRun: boolean
  /** What is found beyond this is left for the next time. */
  readonly repairsMax: number
  readonly progress?: ReconciliationProgress
}

export type ReconciliationProgress = {
  readonly runId: string
  readonly phase: Phase
  readonly after: string | null
  readonly listed: number
  readonly found: number
  readonly repaired: number
}

export type ReconciliationReport = Pick<
  ReconciliationProgress,
  'runId' | 'listed' | 'found' | 'repaired'
>
