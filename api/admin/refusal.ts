import type { OverrideRefusal } from '../../domain/usage/extras.ts'

/** The problem's detail for each refused grant or override. The key is the problem's code. */
export const EXTRA_REFUSALS = {
  feature_not_found: 'There is no feature with this code.',
  feature_not_countable: 'A boolean feature has no amount. Set `enabled` instead.',
  feature_has_amount: 'Only a boolean feature is on or off. Set `quota_limit` instead.',
} as const satisfies Record<OverrideRefusal, string>
