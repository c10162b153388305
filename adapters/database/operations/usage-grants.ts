import type { Grant, UsageExtrasRepository } from '../../../domain/usage/extras.ts'
import { factsOf } from '../../../domain/subscription/timeline.ts'
import { webhookOfChange } from '../../../domain/webhook/webhook.ts'
import { Json } from './json.ts'
import type { Operations, ValueOf } from './port.ts'
import { instantFrom, type Stored } from './stored.ts'

type GrantTerms = Pick<Grant, 'id' | 'feature' | 'amount' | 'expiresAt' | 'reason'>

/** Amounts that operators grant to a user beyond the limit of the plan. */
export function createUsageGrants(
  operations: Operations,
): Pick<UsageExtrasRepository, 'grant' | 'grantTo' | 'listGrants' | 'revokeGrant'> {
  return {
    async grant(given, { at, keyId }) {
      const reply = await operations.value('grant_usage', {
        ...argumentsOf(given),
        p_user: given.userId,
        p_now: at,
        p_key: keyId,
      })
      return grantOutcomeFrom(reply)
    },

    async grantTo(subscription, given, { at, keyId, askedBy, traceparent }) {
      const facts = factsOf(subscription)
      const change = { kind: 'granted', before: facts, after: facts } as const
      const cause = `${given.amount} of ${given.feature} were granted`
      const event = webhookOfChange(change, null)
      const reply = await operations.value('grant_to_subscription', {
        ...argumentsOf(given),
        p_subscription: subscription.id,
        p_now: at,
        p_key: keyId,
        p_by: askedBy,
        p_changes: new Json([
          {
            ...change,
            at,
            actor: 'operator',
            cause,
            event,
            traceparent,
            key_id: keyId,
            asked_by: askedBy,
          },
        ]),
      })
      return grantOutcomeFrom(reply)
    },

    async listGrants({ userId, feature }, limit) {
      const grants = await operations.values('list_usage_grants', {
        p_user: userId ?? null,
        p_feature: feature ?? null,
        p_limit: limit,
      })
      return grants.map(grantFrom)
    },

    async revokeGrant(id, { at, keyId }) {
      const revocation = { p_id: id, p_now: at, p_key: keyId }
      const grant = await operations.value('revoke_usage_grant', revocation)
      return grant === null ? undefined : grantFrom(grant)
    },
  }
}

const argumentsOf = ({ id, feature, amount, expiresAt, reason }: GrantTerms) => ({
  p_id: id,
  p_feature: feature,
  p_amount: amount,
  p_expires_at: expiresAt,
  p_reason: reason,
})

function grantOutcomeFrom(reply: ValueOf<'grant_usage'>) {
  return reply.kind === 'refused'
    ? reply
    : ({ kind: 'granted', grant: grantFrom(reply.grant) } as const)
}

const grantFrom = (stored: Stored<Grant>): Grant => ({
  ...stored,
  expiresAt: instantFrom(stored.expiresAt),
  createdAt: new Date(stored.createdAt),
  revokedAt: instantFrom(stored.revokedAt),
})
