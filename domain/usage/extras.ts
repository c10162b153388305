import type { Subscription } from '../subscription/subscription.ts'

/** An amount of one feature that a user may use beyond the limit of the plan, in any window, until it is used up. */
export type Grant = {
  readonly id: string
  readonly userId: string
  readonly feature: string
  readonly amount: number
  readonly usedAmount: number
  /** From this instant on it counts no more; null is never. */
  readonly expiresAt: Date | null
  readonly reason: string
  readonly createdAt: Date
  readonly revokedAt: Date | null
}

/** A limit of one user's own, in place of the plan's. */
export type Override = {
  readonly userId: string
  readonly feature: string
  /** Null is unlimited. */
  readonly quotaLimit: number | null
  readonly expiresAt: Date | null
  readonly reason: string
  readonly createdAt: Date
}

/** What may still be used of a grant at an instant. */
export const grantRemaining = (grant: Grant, at: Date): number =>
  grant.revokedAt !== null || (grant.expiresAt !== null && grant.expiresAt <= at)
    ? 0
    : grant.amount - grant.usedAmount

export const OPERATOR_ACTIONS = [
  'grant',
  'revoke_grant',
  'set_override',
  'remove_override',
  'cancel',
  'withdraw_cancellation',
  'change_plan',
  'withdraw_plan_change',
  'pause',
  'resume',
  'extend_trial',
  'end_trial',
  'sync',
  'force_cancel',
  'steer_plan_migration',
  'create_webhook_endpoint',
  'change_webhook_endpoint',
  'delete_webhook_endpoint',
  'disable_webhook_endpoint',
  'enable_webhook_endpoint',
  'rotate_webhook_secret',
  'replay_webhook_deliveries',
] as const
export type OperatorActionKind = (typeof OPERATOR_ACTIONS)[number]

/** What an operator did, to a user or else, and when. */
export type OperatorAction = {
  readonly id: number
  readonly at: Date
  /** The id of the API key that asked; null when somebody asked in Temporal's UI, or the service itself did. */
  readonly keyId: string | null
  /** Whoever asked without a key, as they called themselves. */
  readonly askedBy: string | null
  readonly action: OperatorActionKind
  /** Null for what is done to nobody. */
  readonly userId: string | null
  readonly before: object | null
  readonly after: object | null
}

/** Why nothing was done: no such user, no such feature, or one that is only on or off. */
export type ExtraRefusal = 'user_not_found' | 'feature_not_found' | 'feature_not_countable'

type Act = { readonly at: Date; readonly keyId: string }

/** Who had a subscription's workflow do something: by a key, or by the name that they gave in Temporal's UI. */
export type WorkflowAct = {
  readonly at: Date
  readonly keyId: string | null
  readonly askedBy: string | null
  /** The trace that it belongs to, as W3C writes it. */
  readonly traceparent?: string | null
}

type GrantGiven = Pick<Grant, 'id' | 'userId' | 'feature' | 'amount' | 'expiresAt' | 'reason'>

type GrantOutcome =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'refused'; readonly because: ExtraRefusal }

/** What operators add to a plan for one user. Each change is in the list of actions, in the same transaction. */
export type UsageExtrasRepository = {
  /** Grants once per id; the repeat answers the grant as it is now. */
  readonly grant: (grant: GrantGiven, act: Act) => Promise<GrantOutcome>
  /** The same, with the entry of the subscription's timeline in the same transaction. */
  readonly grantTo: (
    subscription: Subscription,
    grant: Omit<GrantGiven, 'userId'>,
    act: WorkflowAct,
  ) => Promise<GrantOutcome>
  /** Notes what an operator does, once per command. */
  readonly noteAction: (
    command: string,
    action: Pick<OperatorAction, 'action' | 'userId' | 'before' | 'after'>,
    act: WorkflowAct,
  ) => Promise<void>
  readonly listGrants: (
    of: { readonly userId?: string | undefined; readonly feature?: string | undefined },
    limit: number,
  ) => Promise<Grant[]>
  /** Takes away what is left; what was used of it stays used. Undefined when there is no such grant. */
  readonly revokeGrant: (id: string, act: Act) => Promise<Grant | undefined>
  readonly setOverride: (
    override: Omit<Override, 'createdAt'>,
    act: Act,
  ) => Promise<
    | { readonly kind: 'set'; readonly override: Override }
    | { readonly kind: 'refused'; readonly because: ExtraRefusal }
  >
  readonly listOverrides: (userId: string) => Promise<Override[]>
  /** Back to the plan's limit. Undefined when there was none. */
  readonly removeOverride: (
    userId: string,
    feature: string,
    act: Act,
  ) => Promise<Override | undefined>
  /** The newest first: of one user, or (null) all. */
  readonly listActions: (userId: string | null, limit: number) => Promise<OperatorAction[]>
}
