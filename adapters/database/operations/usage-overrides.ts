import type { ExtraRefusal, Override, UsageExtrasRepository } from '../../../domain/usage/extras.ts'
import type { Operations } from './port.ts'
import { instantFrom, type Stored } from './stored.ts'

type SetReply =
  | { readonly kind: 'set'; readonly override: Stored<Override> }
  | { readonly kind: 'refused'; readonly because: ExtraRefusal }

/** Limits that operators set for one user, in place of the plan's. */
export function createUsageOverrides(
  operations: Operations,
): Pick<UsageExtrasRepository, 'setOverride' | 'listOverrides' | 'removeOverride'> {
  return {
    async setOverride({ userId, feature, quotaLimit, expiresAt, reason }, { at, keyId }) {
      const reply = await operations.value<SetReply>('set_usage_override', {
        p_user: userId,
        p_feature: feature,
        p_limit: quotaLimit,
        p_expires_at: expiresAt,
        p_reason: reason,
        p_now: at,
        p_key: keyId,
      })
      if (reply === null) throw new Error(`set_usage_override returned nothing for ${feature}`)
      return reply.kind === 'refused'
        ? reply
        : { kind: 'set', override: overrideFrom(reply.override) }
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
  }
}

const overrideFrom = (stored: Stored<Override>): Override => ({
  ...stored,
  expiresAt: instantFrom(stored.expiresAt),
  createdAt: new Date(stored.createdAt),
})
