import type { ExtraRefusal } from '../../domain/usage/extras.ts'

/** What an operator is told, by what was refused; each is the code of a problem too. */
export const EXTRA_REFUSALS = {
  user_not_found: 'There is no such user: nobody bought anything under this id yet.',
  feature_not_found: 'There is no feature of this code.',
  feature_not_countable: 'The feature is on or off: it has no amount.',
} as const satisfies Record<ExtraRefusal, string>
