import {
  fits,
  type CheckOutcome,
  type Refusal,
  type UsageQuestion,
} from '../../../domain/usage/usage.ts'
import type { Operations, RowOf } from './port.ts'
import { counterFromRow, refusalFrom } from './usage-rows.ts'
import { openEach, type OpenWindows } from './usage-windows.ts'

/** The questions are asked again if windows were missing. A plan that changes meanwhile makes the new ones miss once more. */
const ROUNDS_MAX = 5

/** The parts of `checkUsage`. */
export type Checking = { readonly operations: Operations; readonly openWindows: OpenWindows }

/**
 * The decisions of `consume_usage`, read in one statement without a lock. Nothing is counted; missing windows are opened
 * as `consume` would open them.
 * @returns an outcome for each question, in the same order.
 */
export async function checkUsage(
  { operations, openWindows }: Checking,
  questions: readonly UsageQuestion[],
  at: Date,
): Promise<CheckOutcome[]> {
  for (let round = 1; round <= ROUNDS_MAX; round++) {
    const rows = await operations.rows('check_usage', {
      p_now: at,
      p_users: questions.map(({ userId }) => userId),
      p_features: questions.map(({ feature }) => feature),
    })
    const missing = rows.flatMap(({ obstacle, subscription_id: id }) =>
      obstacle === 'window_missing' && id !== null ? { id, at } : [],
    )
    const opened = await openEach(openWindows, missing, at)
    if (opened.size === 0) return outcomesFromRows(rows, questions)
  }
  throw new Error(`usage was not checked in ${ROUNDS_MAX} rounds`)
}

type CheckRow = RowOf<'check_usage'>

function outcomesFromRows(
  rows: readonly CheckRow[],
  questions: readonly UsageQuestion[],
): CheckOutcome[] {
  const byOrdinal = new Map(rows.map((row) => [row.ordinal, row]))
  return questions.map((question, index) => {
    const row = byOrdinal.get(index + 1)
    if (row === undefined) throw new Error(`check_usage did not return ordinal ${index + 1}`)
    return outcomeFromRow(row, question)
  })
}

function outcomeFromRow(row: CheckRow, { amount }: UsageQuestion): CheckOutcome {
  // The window could not be opened: the subscription has not started.
  if (row.obstacle === 'window_missing') return refused('no_subscription')
  const counter = counterFromRow(row)
  if (counter === null || row.overage === null) return refused(refusalFrom(row.obstacle))
  return fits(counter, amount, row.overage)
    ? { kind: 'allowed', counter }
    : { kind: 'refused', reason: 'quota_exceeded', counter }
}

const refused = (reason: Refusal): CheckOutcome => ({ kind: 'refused', reason, counter: null })
