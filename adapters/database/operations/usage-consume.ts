import type { ConsumeOutcome, ConsumeRequest } from '../../../domain/usage/usage.ts'
import { isDeadlock } from '../../failures/database.ts'
import type { Operations, RowOf } from './port.ts'
import { consumePlainly } from './usage-consume-plainly.ts'
import { counterFromRow, isKeyCollision, refusalFrom } from './usage-rows.ts'
import { openEach, windowsName, type OpenWindows } from './usage-windows.ts'

/** A batch is repeated if a window was missing, a key came twice in it, or another process recorded a key first. */
const ROUNDS_MAX = 5

/** The parts of `consumeUsage`. */
export type Consuming = {
  readonly operations: Operations
  readonly openWindows: OpenWindows
  /** Called after usage was counted that may have reached a threshold. */
  readonly onAlert: () => void
}

type Times = {
  readonly at: Date
  /** Events that occurred before this instant are refused as too late. */
  readonly earliest: Date
}

/** A request that is not decided yet, and its place in the batch. */
type Open = { readonly request: ConsumeRequest; readonly index: number }

type DecisionRow = RowOf<'consume_usage'>

/** The event occurred before the subscription started. */
const NOT_STARTED: ConsumeOutcome = {
  kind: 'refused',
  reason: 'no_subscription',
  repeated: false,
  counter: null,
}

/**
 * Decides and counts a batch of requests. The plain ones take the short path; the others are decided by `consume_usage`,
 * in rounds: missing windows are opened between two rounds.
 * @returns an outcome for each request, in the same order.
 */
export async function consumeUsage(
  consuming: Consuming,
  requests: readonly ConsumeRequest[],
  times: Times,
): Promise<ConsumeOutcome[]> {
  const outcomes = await consumePlainly(consuming.operations, requests, times.at)
  let open: readonly Open[] = requests
    .map((request, index) => ({ request, index }))
    .filter(({ index }) => !outcomes.has(index))
  for (let round = 1; open.length > 0; round++) {
    if (round > ROUNDS_MAX) throw new Error(`usage was not decided in ${ROUNDS_MAX} rounds`)
    open = await decide(consuming, open, times, outcomes)
  }
  return requests.map((request, index) => {
    const outcome = outcomes.get(index)
    if (outcome === undefined) throw new Error(`usage ${request.key} has no outcome`)
    return outcome
  })
}

/** One round: adds to `outcomes`, and returns the requests that must be repeated. */
async function decide(
  { operations, openWindows, onAlert }: Consuming,
  open: readonly Open[],
  times: Times,
  outcomes: Map<number, ConsumeOutcome>,
): Promise<Open[]> {
  const decisions = (await runConsume(operations, open, times)).map((row) => {
    const request = open[row.ordinal - 1]
    if (request === undefined) throw new Error(`consume_usage returned ordinal ${row.ordinal}`)
    const id = row.reason === 'window_missing' ? row.subscription_id : null
    const missing = id === null ? null : { id, at: request.request.occurredAt ?? times.at }
    return { row, request, missing }
  })
  const opened = await openEach(
    openWindows,
    decisions.flatMap(({ missing }) => missing ?? []),
    times.at,
  )
  const again: Open[] = []
  for (const { row, request, missing } of decisions) {
    if (!isOpen(row.reason)) outcomes.set(request.index, outcomeFromRow(row))
    else if (missing === null || opened.has(windowsName(missing))) again.push(request)
    else outcomes.set(request.index, NOT_STARTED)
  }
  if (decisions.some(({ row }) => row.alerted === true)) onAlert()
  return again.toSorted((a, b) => a.index - b.index)
}

const isOpen = (reason: string | null) =>
  reason === 'window_missing' || reason === 'repeated_in_batch'

async function runConsume(
  operations: Operations,
  open: readonly Open[],
  { at, earliest }: Times,
): Promise<DecisionRow[]> {
  const column = <K extends 'userId' | 'feature' | 'key' | 'amount'>(name: K) =>
    open.map(({ request }) => request[name])
  const batch = {
    p_now: at,
    p_users: column('userId'),
    p_features: column('feature'),
    p_keys: column('key'),
    p_amounts: column('amount'),
    p_occurred: open.map(({ request }) => request.occurredAt ?? null),
    p_earliest: earliest,
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await operations.rows('consume_usage', batch)
    } catch (error) {
      // Two processes recorded the same key under two counters. The repeat sees what the other one recorded.
      if (attempt === ROUNDS_MAX || !(isKeyCollision(error) || isDeadlock(error))) throw error
    }
  }
}

function outcomeFromRow(row: DecisionRow): ConsumeOutcome {
  if (row.reason === 'idempotency_key_reused') return { kind: 'key_reused' }
  const counter = counterFromRow(row)
  if (row.outcome === 'allowed' && counter !== null)
    return { kind: 'allowed', repeated: row.repeated, counter }
  return { kind: 'refused', reason: refusalFrom(row.reason), repeated: row.repeated, counter }
}
