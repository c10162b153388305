import type { Subscription } from '../subscription/subscription.ts'

/** An extra amount of one feature beyond the plan's limit, usable in any window until it is used up. */
export type Grant = {
  readonly id: string
  readonly userId: string
  readonly feature: string
  readonly amount: number
  readonly usedAmount: number
  /** The grant ends at this instant; null for never. */
  readonly expiresAt: Date | null
  readonly reason: string
  readonly createdAt: Date
  readonly revokedAt: Date | null
}

/** A limit for one user in place of the plan's; of a boolean feature, whether it is on. */
export type Override = {
  readonly userId: string
  readonly feature: string
  /** Null is unlimited, and for a boolean feature. */
  readonly quotaLimit: number | null
  /** Whether a boolean feature is on; null for a counted one. */
  readonly enabled: boolean | null
  readonly expiresAt: Date | null
  readonly reason: string
  readonly createdAt: Date
}

/** @returns the unused amount of a grant at `at`; 0 once it is revoked or expired. */
export const grantRemaining = (grant: Grant, at: Date): number =>
  grant.revokedAt !== null || (grant.expiresAt !== null && grant.expiresAt <= at)
    ? 0
    : grant.amount - grant.usedAmount

/** The kinds of operators’ actions that are recorded. */
export const OPERATOR_ACTIONS = [
  'grant',
  'revoke_grant',
  'set_override',
  'remove_override',
  'cancel',
  'withdraw_cancellation',
  'change_plan',
  'change_items',
  'withdraw_plan_change',
  'pause',
  'resume',
  'extend_trial',
  'end_trial',
  'sync',
  'force_cancel',
  'change_collection',
  'change_customer',
  'refund_invoice',
  'credit_invoice',
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

/** An entry of the audit log of operators' actions. */
export type OperatorAction = {
  readonly id: number
  readonly at: Date
  /** The operator's API key; null for actions in Temporal's UI or by the service itself. */
  readonly keyId: string | null
  /** The name that an operator without a key gave in Temporal's UI. */
  readonly askedBy: string | null
  readonly action: OperatorActionKind
  /** Null if the action concerns no user. */
  readonly userId: string | null
  readonly before: object | null
  readonly after: object | null
}

/** `feature_not_countable`: a boolean feature. */
export type ExtraRefusal = 'feature_not_found' | 'feature_not_countable'
/** `feature_has_amount`: a counted feature is not switched on or off. */
export type OverrideRefusal = ExtraRefusal | 'feature_has_amount'

type Act = { readonly at: Date; readonly keyId: string }

/** An operator's command to a workflow: by an API key, or by a name given in Temporal's UI. */
export type WorkflowAct = {
  readonly at: Date
  readonly keyId: string | null
  readonly askedBy: string | null
  /** W3C trace context. */
  readonly traceparent?: string | null
}

type GrantGiven = Pick<Grant, 'id' | 'userId' | 'feature' | 'amount' | 'expiresAt' | 'reason'>

type GrantOutcome =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'refused'; readonly because: ExtraRefusal }

type OverrideOutcome =
  | { readonly kind: 'set'; readonly override: Override }
  | { readonly kind: 'refused'; readonly because: OverrideRefusal }

/** Grants and overrides for single users. Each change writes its audit entry in the same transaction. */
export type UsageExtrasRepository = {
  /** Idempotent by id: a repeat returns the grant as it is now. */
  readonly grant: (grant: GrantGiven, act: Act) => Promise<GrantOutcome>
  /** Like `grant`, with a timeline entry in the same transaction. */
  readonly grantTo: (
    subscription: Subscription,
    grant: Omit<GrantGiven, 'userId'>,
    act: WorkflowAct,
  ) => Promise<GrantOutcome>
  /** Writes an audit entry, once per command. */
  readonly noteAction: (
    command: string,
    action: Pick<OperatorAction, 'action' | 'userId' | 'before' | 'after'>,
    act: WorkflowAct,
  ) => Promise<void>
  readonly listGrants: (
    of: { readonly userId?: string | undefined; readonly feature?: string | undefined },
    limit: number,
  ) => Promise<Grant[]>
  /** Ends a grant; its used amount stays used. Undefined if there is no such grant. */
  readonly revokeGrant: (id: string, act: Act) => Promise<Grant | undefined>
  readonly setOverride: (
    override: Omit<Override, 'createdAt' | 'enabled'>,
    act: Act,
  ) => Promise<OverrideOutcome>
  /** Switches a boolean feature on or off for one user. */
  readonly switchFeature: (
    override: Omit<Override, 'createdAt' | 'quotaLimit' | 'enabled'> & {
      readonly enabled: boolean
    },
    act: Act,
  ) => Promise<OverrideOutcome>
  readonly listOverrides: (userId: string) => Promise<Override[]>
  /** Returns to the plan's limit. Undefined if there was no override. */
  readonly removeOverride: (
    userId: string,
    feature: string,
    act: Act,
  ) => Promise<Override | undefined>
  /** Newest first; null lists the actions for all users. */
  readonly listActions: (userId: string | null, limit: number) => Promise<OperatorAction[]>
}
