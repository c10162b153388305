import type { ExtraRefusal } from '../../domain/usage/extras.ts'

/** The problem's detail for each refused grant or override. The key is the problem's code. */
export const EXTRA_REFUSALS = {
  feature_not_found: 'There is no feature with this code.',
  feature_not_countable: 'A boolean feature has no amount.',
} as const satisfies Record<ExtraRefusal, string>
