import type { Decision } from './oracle/quota.ts'

/** What came of an act: the code of a problem, or null; what usage decided; and as of when a change was reckoned. */
export type Outcome = {
  readonly code: string | null
  readonly decisions?: readonly Decision[]
  /** How many of those who asked at once got what they wanted. */
  readonly served?: number
  readonly reckonedAt?: number
  readonly endsAt?: number
}

export const DONE: Outcome = { code: null }
