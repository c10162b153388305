import type { UsageRepository } from '../../../domain/usage/repository.ts'
import type { ConsumeOutcome, ConsumeRequest } from '../../../domain/usage/usage.ts'
import { isDeadlock } from '../errors.ts'
import type { BatchWatch } from './group-commit.ts'
import type { Operations } from './port.ts'
import { checkUsage } from './usage-check.ts'
import { readUsageHistory } from './usage-history.ts'
import { consumePlainly } from './usage-plain.ts'
import { createReservationRepository } from './usage-reservations.ts'
import { counterFromRow, isKeyCollision, refusalFrom, type CounterRow } from './usage-rows.ts'
import { listUsageCounters } from './usage-standing.ts'
import { openEach, windowName, windowOpener, type UsageReads } from './usage-windows.ts'

/** A batch is asked again when a window was missing, a key stood in it twice or another process took a key first. */
const ROUNDS_MAX = 5

const HOUR_MS = 3_600_000
/** How long after it occurred an event is still counted, unless said otherwise. */
const LATENESS_MAX_MS = 24 * HOUR_MS

export type UsageOptions = {
  readonly latenessMaxMs?: number | undefined
  readonly watch?: BatchWatch | undefined
}

export function createUsageRepository(
  operations: Operations,
  reads: UsageReads,
  { latenessMaxMs = LATENESS_MAX_MS }: UsageOptions = {},
): UsageRepository {
  const openWindows = windowOpener(operations, reads)
  let alerted: (() => void) | undefined
  const reservations = createReservationRepository(operations, openWindows)
  return {
    async consume(requests, at) {
      const outcomes = await consumePlainly(operations, requests, at)
      let open = requests
        .map((request, index) => ({ request, index }))
        .filter(({ index }) => !outcomes.has(index))
      for (let round = 1; open.length > 0; round++) {
        if (round > ROUNDS_MAX) throw new Error(`usage was not decided in ${ROUNDS_MAX} rounds`)
        const rows = await ask(
          operations,
          open.map(({ request }) => request),
          { now: at, earliest: new Date(at.getTime() - latenessMaxMs) },
        )
        const again = new Set(rows.filter((row) => isOpen(row.reason)).map((row) => row.ordinal))
        const decided = rows.map((row) => {
          const asked = open[row.ordinal - 1]
          if (asked === undefined) throw new Error(`nobody asked ${row.ordinal}`)
          const { index, request } = asked
          const id = row.reason === 'window_missing' ? row.subscription_id : null
          const missing = id === null ? null : { id, at: request.occurredAt ?? at }
          return { row, index, missing }
        })
        const there = await openEach(
          openWindows,
          decided.flatMap(({ missing }) => missing ?? []),
          at,
        )
        for (const { row, index, missing } of decided) {
          if (!isOpen(row.reason)) outcomes.set(index, outcomeFromRow(row))
          if (missing === null || there.has(windowName(missing))) continue
          again.delete(row.ordinal)
          outcomes.set(index, NOTHING_THEN)
        }
        if (rows.some((row) => row.alerted)) alerted?.()
        open = open.filter((_, index) => again.has(index + 1))
      }
      return requests.map((request, index) => {
        const outcome = outcomes.get(index)
        if (outcome === undefined) throw new Error(`usage ${request.key} was not answered`)
        return outcome
      })
    },

    check: (question, at) => checkUsage(operations, reads, question, at),

    hold: reservations.hold,

    async settle(of, at) {
      const outcome = await reservations.settle(of, at)
      if (outcome.kind === 'ended') alerted?.()
      return outcome
    },

    whenAlerted(listener) {
      alerted = listener
    },

    history: (question) => readUsageHistory(operations, question),

    list: (subscription, at) => listUsageCounters(operations, reads, subscription, at),
  }
}

/** The event occurred before the subscription began. */
const NOTHING_THEN: ConsumeOutcome = {
  kind: 'refused',
  reason: 'no_subscription',
  repeated: false,
  counter: null,
}

type DecisionRow = CounterRow & {
  ordinal: number
  outcome: string
  reason: string | null
  repeated: boolean
  alerted: boolean
  subscription_id: string | null
}

const isOpen = (reason: string | null) =>
  reason === 'window_missing' || reason === 'repeated_in_batch'

async function ask(
  operations: Operations,
  requests: readonly ConsumeRequest[],
  { now, earliest }: { readonly now: Date; readonly earliest: Date },
): Promise<DecisionRow[]> {
  const column = <K extends 'userId' | 'feature' | 'key' | 'amount'>(name: K) =>
    requests.map((request) => request[name])
  const asked = {
    p_now: now,
    p_users: column('userId'),
    p_features: column('feature'),
    p_keys: column('key'),
    p_amounts: column('amount'),
    p_occurred: requests.map(({ occurredAt }) => occurredAt ?? null),
    p_earliest: earliest,
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await operations.rows<DecisionRow>('consume_usage', asked)
    } catch (error) {
      // The same key under two counters at once: the loser asks again and sees what the winner recorded.
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
