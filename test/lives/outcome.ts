import type { Decision } from './oracle/quota.ts'

/** The result of an act: a problem's code or null, the decisions on usage, and the date that proration used. */
export type Outcome = {
  readonly code: string | null
  readonly decisions?: readonly Decision[]
  /** Number of parallel callers that succeeded. */
  readonly served?: number
  readonly proratedAt?: number
  readonly endsAt?: number
}

export const DONE: Outcome = { code: null }
