import type {
  ExtraRefusal,
  Grant,
  OperatorAction,
  Override,
  UsageExtrasRepository,
} from '../../../domain/usage/extras.ts'
import { factsOf } from '../../../domain/subscription/timeline.ts'
import { webhookOfChange } from '../../../domain/webhook/webhook.ts'
import type { Row } from '../tables/schema.ts'
import { Json, type Operations } from './port.ts'

/** As JSON keeps it. */
type Stored<T> = {
  [Key in keyof T]: T[Key] extends Date
    ? string
    : T[Key] extends Date | null
      ? string | null
      : T[Key]
}
type Granted = Refused | { readonly kind: 'granted'; readonly grant: Stored<Grant> }
type Refused = { readonly kind: 'refused'; readonly because: ExtraRefusal }

export function createUsageExtrasRepository(operations: Operations): UsageExtrasRepository {
  return {
    async grant(given, { at, keyId }) {
      const outcome = await operations.value<Granted>('grant_usage', {
        ...grantAsked(given),
        p_user: given.userId,
        p_now: at,
        p_key: keyId,
      })
      return grantAnswered(outcome, given.id)
    },

    async grantTo(subscription, given, { at, keyId, askedBy, traceparent }) {
      const facts = factsOf(subscription)
      const change = { kind: 'granted', before: facts, after: facts } as const
      const outcome = await operations.value<Granted>('grant_to_subscription', {
        ...grantAsked(given),
        p_subscription: subscription.id,
        p_now: at,
        p_key: keyId,
        p_by: askedBy,
        p_changes: new Json([
          {
            ...change,
            at,
            actor: 'operator',
            cause: `${given.amount} of ${given.feature} were granted`,
            event: webhookOfChange(change, null),
            traceparent,
          },
        ]),
      })
      return grantAnswered(outcome, given.id)
    },

    async noteAction(command, { action, userId, before, after }, { at, keyId, askedBy }) {
      await operations.run('note_operator_action', {
        p_command: command,
        p_action: action,
        p_user: userId,
        p_before: before === null ? null : new Json(before),
        p_after: after === null ? null : new Json(after),
        p_now: at,
        p_key: keyId,
        p_by: askedBy,
      })
    },

    async listGrants({ userId, feature }, limit) {
      const grants = await operations.values<Stored<Grant>>('list_usage_grants', {
        p_user: userId ?? null,
        p_feature: feature ?? null,
        p_limit: limit,
      })
      return grants.map(grantFrom)
    },

    async revokeGrant(id, { at, keyId }) {
      const revoking = { p_id: id, p_now: at, p_key: keyId }
      const grant = await operations.value<Stored<Grant>>('revoke_usage_grant', revoking)
      return grant === null ? undefined : grantFrom(grant)
    },

    async setOverride(given, { at, keyId }) {
      const outcome = await operations.value<
        Refused | { readonly kind: 'set'; readonly override: Stored<Override> }
      >('set_usage_override', {
        p_user: given.userId,
        p_feature: given.feature,
        p_limit: given.quotaLimit,
        p_expires_at: given.expiresAt,
        p_reason: given.reason,
        p_now: at,
        p_key: keyId,
      })
      if (outcome === null) throw new Error(`the override of ${given.feature} was not answered`)
      return outcome.kind === 'refused'
        ? outcome
        : { kind: 'set', override: overrideFrom(outcome.override) }
    },

    async listOverrides(userId) {
      const of = { p_user: userId }
      const overrides = await operations.values<Stored<Override>>('list_usage_overrides', of)
      return overrides.map(overrideFrom)
    },

    async removeOverride(userId, feature, { at, keyId }) {
      const override = await operations.value<Stored<Override>>('remove_usage_override', {
        p_user: userId,
        p_feature: feature,
        p_now: at,
        p_key: keyId,
      })
      return override === null ? undefined : overrideFrom(override)
    },

    async listActions(userId, limit) {
      const rows = await operations.rows<Row<'operator_actions'>>('list_operator_actions', {
        p_user: userId,
        p_limit: limit,
      })
      return rows.map(actionFromRow)
    },
  }
}

const actionFromRow = (row: Row<'operator_actions'>): OperatorAction => ({
  id: row.id,
  at: row.at,
  keyId: row.key_id,
  askedBy: row.asked_by,
  action: row.action,
  userId: row.user_id,
  before: row.before,
  after: row.after,
})

type GrantAsked = Pick<Grant, 'id' | 'feature' | 'amount' | 'expiresAt' | 'reason'>

const grantAsked = ({ id, feature, amount, expiresAt, reason }: GrantAsked) => ({
  p_id: id,
  p_feature: feature,
  p_amount: amount,
  p_expires_at: expiresAt,
  p_reason: reason,
})

function grantAnswered(outcome: Granted | null, id: string) {
  if (outcome === null) throw new Error(`grant ${id} was not answered`)
  return outcome.kind === 'refused'
    ? outcome
    : ({ kind: 'granted', grant: grantFrom(outcome.grant) } as const)
}

const grantFrom = (stored: Stored<Grant>): Grant => ({
  ...stored,
  expiresAt: instantFrom(stored.expiresAt),
  createdAt: new Date(stored.createdAt),
  revokedAt: instantFrom(stored.revokedAt),
})

const overrideFrom = (stored: Stored<Override>): Override => ({
  ...stored,
  expiresAt: instantFrom(stored.expiresAt),
  createdAt: new Date(stored.createdAt),
})

const instantFrom = (text: string | null): Date | null => (text === null ? null : new Date(text))
