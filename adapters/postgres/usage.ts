import { sql, type Kysely } from 'kysely'
import { subscriptionId } from '../../domain/ids.ts'
import { quotaWindowsAt } from '../../domain/quota-window.ts'
import type {
  FeatureUsage,
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

/** A batch is asked again when a window was missing, a key stood in it twice or another process took a key first. */
const ROUNDS_MAX = 5

type Reads = { readonly plans: PlanRepository; readonly subscriptions: SubscriptionRepository }

export function createUsageRepository(db: Kysely<Database>, reads: Reads): UsageRepository {
  /** A workflow that is late does not hold up usage: whoever needs a window first opens it. Twice opens it once. */
  async function openWindows(id: string, at: Date) {
    const subscription = await reads.subscriptions.find(subscriptionId(id))
    if (subscription === undefined || subscription.anchor === null) return
    const plan = await reads.plans.getVersion(subscription.planVersionId)
    await openQuotaWindows(db, id, quotaWindowsAt(plan, subscription.anchor, at), at)
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
          at,
        )
        const again = rows.filter((row) => isOpen(row.reason))
        const missing = again.filter((row) => row.reason === 'window_missing')
        for (const id of new Set(missing.map((row) => row.subscription_id)))
          if (id !== null) await openWindows(id, at)
        for (const row of rows)
          if (!isOpen(row.reason))
            outcomes.set(open[row.ordinal - 1]?.index ?? -1, outcomeFromRow(row))
        open = open.filter((_, index) => again.some((row) => row.ordinal === index + 1))
      }
      return requests.map((request, index) => {
        const outcome = outcomes.get(index)
        if (outcome === undefined) throw new Error(`usage ${request.key} was not answered`)
        return outcome
      })
    },

    check: (question, at) => checkUsage(db, reads.plans, question, at),

    async listOpen(id, plan, at) {
      const rows = await db
        .selectFrom('feature_usage')
        .selectAll()
        .where('subscription_id', '=', id)
        .where('window_start', '<=', at)
        .where('window_end', '>', at)
        .orderBy('window_start')
        .execute()
      return plan.features.map((feature): FeatureUsage => {
        const row = rows.findLast((candidate) => candidate.feature_id === feature.featureId)
        return {
          feature,
          counter: row && {
            usedAmount: row.used_amount,
            quotaLimit: row.quota_limit,
            windowStart: row.window_start,
            windowEnd: row.window_end,
          },
        }
      })
    },
  }
}

type DecisionRow = {
  ordinal: number
  outcome: string
  reason: string | null
  repeated: boolean
  subscription_id: string | null
  used_amount: number | null
  quota_limit: number | null
  window_start: Date | null
  window_end: Date | null
}

const isOpen = (reason: string | null) =>
  reason === 'window_missing' || reason === 'repeated_in_batch'

async function ask(
  db: Kysely<Database>,
  requests: readonly ConsumeRequest[],
  at: Date,
): Promise<DecisionRow[]> {
  const column = <K extends keyof ConsumeRequest>(name: K) =>
    requests.map((request) => request[name])
  const statement = sql<DecisionRow>`select * from consume_usage(${at}, ${column('userId')}::text[],
    ${column('feature')}::text[], ${column('key')}::text[], ${column('amount')}::bigint[])`
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
    windowStart: row.window_start,
    windowEnd: row.window_end,
  }
}
