import type { Decision } from './quota.ts'

/** What a call must answer: the code of a problem, or null for success; and what usage decides. */
export type Verdict = { readonly code: string | null; readonly decision?: Decision }
