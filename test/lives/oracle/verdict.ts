import type { Decision } from './quota.ts'

/** What a call must answer: the code of a problem, or null for success; what usage decides; and how many get what they want. */
export type Verdict = {
  readonly code: string | null
  readonly decision?: Decision
  readonly served?: number
}
