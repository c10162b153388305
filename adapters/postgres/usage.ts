import { sql, type Kysely } from 'kysely'
import { subscriptionId } from '../../domain/ids.ts'
import { quotaWindowsAt } from '../../domain/quota-window.ts'
import type {
  CustomerRepository,
  PlanRepository,
  SubscriptionRepository,
  UsageRepository,
} from '../../domain/repositories.ts'
import {
  REFUSALS,
  type ConsumeOutcome,
  type ConsumeRequest,
  type Counter,
} from '../../domain/usage.ts'
import { isDeadlock, violates } from './errors.ts'
import { openQuotaWindows } from './quota-windows.ts'
import type { Database } from './schema.ts'
import { checkUsage } from './usage-check.ts'
import { listStandings, quotaCalendarOf } from './usage-standing.ts'

/** A batch is asked again when a window was missing, a key stood in it twice or another process took a key first. */
const ROUNDS_MAX = 5

const HOUR_MS = 3_600_000
/** How long after it occurred an event is still counted, unless said otherwise. */
const LATENESS_MAX_MS = 24 * HOUR_MS

type Reads = {
  readonly plans: PlanRepository
  readonly customers: CustomerRepository
  readonly subscriptions: SubscriptionRepository
}

export type UsageOptions = { readonly latenessMaxMs?: number | undefined }

export function createUsageRepository(
  db: Kysely<Database>,
  reads: Reads,
  { latenessMaxMs = LATENESS_MAX_MS }: UsageOptions = {},
): UsageRepository {
  /**
   * A workflow that is late does not hold up usage: whoever needs a window first opens it. Twice opens it once. False
   * when there was none at that time.
   */
  async function openWindows(id: string, now: Date, at: Date): Promise<boolean> {
    const subscription = await reads.subscriptions.find(subscriptionId(id))
    if (subscription === undefined) return false
    const calendar = await quotaCalendarOf(reads.customers, subscription)
    if (calendar === null) return false
    const plan = await reads.plans.getVersion(subscription.planVersionId)
    const windows = quotaWindowsAt(plan, calendar, at)
    const { planVersionId } = subscription
    await openQuotaWindows(db, { subscriptionId: id, planVersionId, now, at }, windows)
    return at >= calendar.anchor
  }

  return {
    async consume(requests, at) {
      const outcomes = new Map<number, ConsumeOutcome>()
      let open = requests.map((request, index) => ({ request, index }))
      for (let round = 1; open.length > 0; round++) {
        if (round > ROUNDS_MAX) throw new Error(`usage was not decided in ${ROUNDS_MAX} rounds`)
        const rows = await ask(
          db,
          open.map(({ request }) => request),
          { now: at, earliest: new Date(at.getTime() - latenessMaxMs) },
        )
        const again = new Set(rows.filter((row) => isOpen(row.reason)).map((row) => row.ordinal))
        const windows = new Map<string, boolean>()
        for (const row of rows) {
          const asked = open[row.ordinal - 1]
          if (asked === undefined) throw new Error(`nobody asked ${row.ordinal}`)
          if (row.reason === 'window_missing' && row.subscription_id !== null) {
            const { occurredAt = at } = asked.request
            const name = `${row.subscription_id}/${occurredAt.getTime()}`
            const isThere =
              windows.get(name) ?? (await openWindows(row.subscription_id, at, occurredAt))
            windows.set(name, isThere)
            if (isThere) continue
            again.delete(row.ordinal)
            outcomes.set(asked.index, NOTHING_THEN)
          }
          if (!isOpen(row.reason)) outcomes.set(asked.index, outcomeFromRow(row))
        }
        open = open.filter((_, index) => again.has(index + 1))
      }
      return requests.map((request, index) => {
        const outcome = outcomes.get(index)
        if (outcome === undefined) throw new Error(`usage ${request.key} was not answered`)
        return outcome
      })
    },

    check: (question, at) => checkUsage(db, reads, question, at),

    list: (subscription, at) => listStandings(db, reads, subscription, at),
  }
}

/** The event occurred before the subscription began. */
const NOTHING_THEN: ConsumeOutcome = {
  kind: 'refused',
  reason: 'no_subscription',
  repeated: false,
  counter: null,
}

type DecisionRow = {
  ordinal: number
  outcome: string
  reason: string | null
  repeated: boolean
  subscription_id: string | null
  used_amount: number | null
  quota_limit: number | null
  remaining: number | null
  window_start: Date | null
  window_end: Date | null
}

const isOpen = (reason: string | null) =>
  reason === 'window_missing' || reason === 'repeated_in_batch'

async function ask(
  db: Kysely<Database>,
  requests: readonly ConsumeRequest[],
  { now, earliest }: { readonly now: Date; readonly earliest: Date },
): Promise<DecisionRow[]> {
  const column = <K extends keyof ConsumeRequest>(name: K) =>
    requests.map((request) => request[name])
  const statement = sql<DecisionRow>`select * from consume_usage(${now}, ${column('userId')}::text[],
    ${column('feature')}::text[], ${column('key')}::text[], ${column('amount')}::bigint[],
    ${column('occurredAt')}::timestamptz[], ${earliest})`
  for (let attempt = 1; ; attempt++) {
    try {
      return (await statement.execute(db)).rows
    } catch (error) {
      // The same key under two counters at once: the loser asks again and sees what the winner recorded.
      if (attempt === ROUNDS_MAX || !(isKeyCollision(error) || isDeadlock(error))) throw error
    }
  }
}

/** The name of the primary key ends alike in each partition: `usage_events_2026_11_pkey`. */
const isKeyCollision = (error: unknown) =>
  error instanceof Error &&
  'constraint' in error &&
  violates(error, String(error.constraint)) &&
  /^usage_events_\w+_pkey$/.test(String(error.constraint))

function outcomeFromRow(row: DecisionRow): ConsumeOutcome {
  if (row.reason === 'idempotency_key_reused') return { kind: 'key_reused' }
  const counter = counterFromRow(row)
  if (row.outcome === 'allowed' && counter !== null)
    return { kind: 'allowed', repeated: row.repeated, counter }
  const reason = REFUSALS.find((known) => known === row.reason)
  if (reason === undefined) throw new RangeError(`not a reason to refuse usage: ${row.reason}`)
  return { kind: 'refused', reason, repeated: row.repeated, counter }
}

function counterFromRow(row: DecisionRow): Counter | null {
  if (row.used_amount === null || row.window_start === null || row.window_end === null) return null
  return {
    usedAmount: row.used_amount,
    quotaLimit: row.quota_limit,
    remaining: row.remaining,
    windowStart: row.window_start,
    windowEnd: row.window_end,
  }
}
