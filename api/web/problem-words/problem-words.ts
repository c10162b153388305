import type { ProblemCode } from '../../problem.ts'
import { OPERATOR_PROBLEMS } from './operator.ts'
import { REQUEST_PROBLEMS } from './request.ts'
import { SUBSCRIPTION_PROBLEMS } from './subscription.ts'
import type { ProblemWords } from './words.ts'

/**
 * The sentences for each code, for people. A problem's own `detail` is for programs: it names calls, fields and headers.
 */
export const PROBLEM_WORDS: Readonly<Record<ProblemCode, ProblemWords>> = {
  ...SUBSCRIPTION_PROBLEMS,
  ...OPERATOR_PROBLEMS,
  ...REQUEST_PROBLEMS,
}

/** @returns the sentences for a problem; those of an internal error for a code that is unknown here. */
export const wordsOf = (code: string): ProblemWords =>
  isKnown(code) ? PROBLEM_WORDS[code] : PROBLEM_WORDS.internal_error

const isKnown = (code: string): code is ProblemCode => Object.hasOwn(PROBLEM_WORDS, code)
