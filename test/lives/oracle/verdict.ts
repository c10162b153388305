import type { Decision } from './quota.ts'

/** The expected answer: a problem's code or null for success, the decision on usage, and the number of successful callers. */
export type Verdict = {
  readonly code: string | null
  readonly decision?: Decision
  readonly served?: number
}
