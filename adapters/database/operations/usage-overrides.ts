import type { Override, UsageExtrasRepository } from '../../../domain/usage/extras.ts'
import type { OverrideReply } from './column-types.ts'
import type { Operations } from './port.ts'
import { instantFrom, type Stored } from './stored.ts'

/** Limits and switches that operators set for one user, in place of those of the plan. */
export function createUsageOverrides(
  operations: Operations,
): Pick<
  UsageExtrasRepository,
  'setOverride' | 'switchFeature' | 'listOverrides' | 'removeOverride'
> {
  return {
    async setOverride({ userId, feature, quotaLimit, expiresAt, reason }, { at, keyId }) {
      const reply = await operations.value('set_usage_override', {
        p_user: userId,
        p_feature: feature,
        p_limit: quotaLimit,
        p_expires_at: expiresAt,
        p_reason: reason,
        p_now: at,
        p_key: keyId,
      })
      return outcomeFrom(reply)
    },

    async switchFeature({ userId, feature, enabled, expiresAt, reason }, { at, keyId }) {
      const reply = await operations.value('switch_feature', {
        p_user: userId,
        p_feature: feature,
        p_enabled: enabled,
        p_expires_at: expiresAt,
        p_reason: reason,
        p_now: at,
        p_key: keyId,
      })
      return outcomeFrom(reply)
    },

    async listOverrides(userId) {
      const of = { p_user: userId }
      const overrides = await operations.values('list_usage_overrides', of)
      return overrides.map(overrideFrom)
    },

    async removeOverride(userId, feature, { at, keyId }) {
      const override = await operations.value('remove_usage_override', {
        p_user: userId,
        p_feature: feature,
        p_now: at,
        p_key: keyId,
      })
      return override === null ? undefined : overrideFrom(override)
    },
  }
}

const outcomeFrom = (reply: OverrideReply) =>
  reply.kind === 'refused'
    ? reply
    : { kind: 'set' as const, override: overrideFrom(reply.override) }

const overrideFrom = (stored: Stored<Override>): Override => ({
  ...stored,
  expiresAt: instantFrom(stored.expiresAt),
  createdAt: new Date(stored.createdAt),
})
