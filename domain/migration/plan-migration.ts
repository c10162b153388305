import { allows } from '../subscription/commands.ts'
import {
  refusalOfChange,
  wayOfChange,
  type ChangeTime,
  type PlanChangeRefusal,
} from '../subscription/plan-change.ts'
import { isFree, type PlanVersion } from '../catalogue/plan.ts'
import type { Status, Subscription } from '../subscription/subscription.ts'

/** The states of a migration that has not ended. */
export const RUNNING_STATES = [
  'planning',
  'canary',
  'awaiting_approval',
  'moving',
  'paused',
  'rolling_back',
] as const
/** Final states of a migration. */
export const ENDED_STATES = ['reviewed', 'done', 'stopped', 'rolled_back'] as const
/** All states of a migration. */
export const MIGRATION_STATES = [...RUNNING_STATES, ...ENDED_STATES] as const
/** `awaiting_approval` follows the canary, `reviewed` ends a dry run. */
export type MigrationState = (typeof MIGRATION_STATES)[number]

/** Whether nothing follows. */
export const isEnded = (state: MigrationState): boolean =>
  ENDED_STATES.some((ended) => ended === state)

/** The states that an operator can request. */
export const STEERED_STATES = ['paused', 'running', 'stopped', 'rolled_back'] as const
export type SteeredState = (typeof STEERED_STATES)[number]

/** The requests that make sense now. The migration's workflow checks them again and decides. */
export function allowedSteers({ state, phase, dryRun }: PlanMigration): SteeredState[] {
  if (isEnded(state)) return dryRun || state === 'rolled_back' ? [] : ['rolled_back']
  const isHeld = state === 'paused' || state === 'awaiting_approval'
  const first = isHeld ? 'running' : 'paused'
  if (phase === 'rolling_back') return [first]
  return [first, 'stopped', ...(dryRun ? [] : (['rolled_back'] as const))]
}

/** The part of a migration that runs, or continues after a pause. */
export type MigrationPhase = 'planning' | 'canary' | 'moving' | 'rolling_back'

/** Which subscriptions of the old versions to move. Null does not filter. */
export type MigrationFilter = {
  readonly statuses: readonly Status[] | null
  readonly userIds: readonly string[] | null
  /** Subscriptions that started in `[since, before)`. */
  readonly since: Date | null
  readonly before: Date | null
}

/** The terms of a migration, which never change. */
export type MigrationTerms = {
  /** Ids of plan versions. */
  readonly from: readonly string[]
  readonly to: string
  readonly when: ChangeTime
  readonly filter: MigrationFilter
  /** Reports what would happen and moves nothing. */
  readonly dryRun: boolean
  /** 0 to 100: this share is moved first, then an operator has to approve the rest. 0 skips this step. */
  readonly canaryPercent: number
  readonly ratePerMinute: number
  readonly reason: string
}

/** A migration with its present state. */
export type PlanMigration = MigrationTerms & {
  readonly id: string
  readonly by: string
  readonly state: MigrationState
  readonly phase: MigrationPhase
  /** Why it is paused or waits, for operators. */
  readonly heldBecause: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly endedAt: Date | null
}

/** Why a subscription is not moved. */
export type SkipReason =
  | PlanChangeRefusal
  /** An add-on cannot be beside the version. */
  | 'addon_does_not_fit'
  /** Its status allows no change of plan. */
  | 'status'
  /** The user's own plan change is pending. */
  | 'change_pending'
  /** Its cancellation is scheduled. */
  | 'leaving'

/** Whether a subscription is migrated, or why not. */
export type Verdict = 'moves' | SkipReason

/** The states of one subscription within a migration. */
export const ITEM_STATES = [
  'pending',
  'moved',
  'scheduled',
  'awaiting_payment',
  'skipped',
  'failed',
  'rolled_back',
  'kept',
  'rollback_failed',
] as const
export type ItemState = (typeof ITEM_STATES)[number]

/** The cost of moving one subscription, in minor units, without taxes, coupons and balances. */
export type MoneyEffect = {
  readonly currency: string
  /** The price of a period before and after the move. */
  readonly beforeMinor: number
  readonly afterMinor: number
  /** The immediate charge; negative for a credit. */
  readonly nowMinor: number
}

/** One subscription of a migration, and its state. */
export type MigrationItem = MoneyEffect & {
  readonly subscriptionId: string
  readonly fromVersionId: string
  readonly verdict: Verdict
  readonly canary: boolean
  readonly state: ItemState
  readonly reason: string | null
  readonly attempts: number
}

type Change = {
  readonly before: PlanVersion
  readonly after: PlanVersion
  readonly when: ChangeTime
  readonly at: Date
}

/** Decides whether to move a subscription, again just before the move. A user's own change or cancellation is kept. */
export function verdictOf(subscription: Subscription, { before, after }: Change): Verdict {
  if (!allows('changePlan', subscription.status)) return 'status'
  if (subscription.pendingChange !== null) return 'change_pending'
  if (subscription.cancelAt !== null) return 'leaving'
  return refusalOfChange(subscription, { before, after }) ?? 'moves'
}

/**
 * Estimates the cost by Stripe's proration: credit and charge by the second, each rounded to the nearest minor unit. A
 * change of the billing period starts a new period, which is charged in full.
 *
 * @see https://docs.stripe.com/billing/subscriptions/prorations
 */
export function moneyEffect(subscription: Subscription, change: Change): MoneyEffect {
  const { before, after, when, at } = change
  const { quantity } = subscription
  const beforeMinor = before.price.amountMinor * quantity
  const afterMinor = after.price.amountMinor * quantity
  const { currency } = isFree(before) ? after.price : before.price
  const isCharged =
    wayOfChange(subscription, after, when) === 'charged' && subscription.status === 'active'
  if (!isCharged) return { currency, beforeMinor, afterMinor, nowMinor: 0 }
  const { period } = subscription
  const left = period.end.getTime() - Math.max(at.getTime(), period.start.getTime())
  const unused = (amount: number) =>
    Math.round((amount * Math.max(left, 0)) / (period.end.getTime() - period.start.getTime()))
  const charge = before.period === after.period ? unused(afterMinor) : afterMinor
  return { currency, beforeMinor, afterMinor, nowMinor: charge - unused(beforeMinor) }
}

type Route = { readonly id: string; readonly from: readonly string[]; readonly to: string }
/** Why a migration cannot begin beside another one: their versions form a circle, or both start at the same version. */
export type RouteConflict =
  | { readonly kind: 'cycle'; readonly with: string | null }
  | { readonly kind: 'overlap'; readonly with: string }

/**
 * Checks a new migration against the running ones.
 *
 * @returns `cycle` if together they could move a subscription back to a version it left, `overlap` if two migrations
 *   could move the same subscription, null if it can start.
 */
export function conflictOfRoutes(
  route: Omit<Route, 'id'>,
  running: readonly Route[],
): RouteConflict | null {
  if (route.from.includes(route.to)) return { kind: 'cycle', with: null }
  const back = running.find(
    ({ from, to }) => from.includes(route.to) && leadsTo(to, route.from, running),
  )
  if (back !== undefined) return { kind: 'cycle', with: back.id }
  const touching = running.find(
    ({ from, to }) =>
      from.some((each) => route.from.includes(each)) ||
      route.from.includes(to) ||
      from.includes(route.to),
  )
  return touching === undefined ? null : { kind: 'overlap', with: touching.id }
}

/** Whether running migrations lead from `version` to a target. They contain no cycle, so the recursion ends. */
const leadsTo = (version: string, targets: readonly string[], running: readonly Route[]): boolean =>
  targets.includes(version) ||
  running.some(({ from, to }) => from.includes(version) && leadsTo(to, targets, running))
