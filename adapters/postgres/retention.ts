import { sql, type Kysely, type Transaction } from 'kysely'
import type { RetentionRepository } from '../../domain/retention.ts'
import type { Database } from './schema.ts'

const DAY_MS = 86_400_000
/** Any number, the same in all processes: whoever holds it tidies, the others have nothing to do. */
const ADVISORY_LOCK = 5_318_008_002
/** Partitions come and go under a lock that usage waits behind: better try again than make it wait. */
const LOCK_TIMEOUT = '1s'
/** Rows in one statement, so that none holds others up for long. */
const BATCH_MAX = 5_000
/** More is left to the next day. */
const BATCHES_MAX = 200

export function createRetentionRepository(db: Kysely<Database>): RetentionRepository {
  return {
    async tidy({ usageMonths, idempotencyDays, payloadDays }, at) {
      const partitions = await db.transaction().execute(async (transaction) => {
        if (!(await isFirst(transaction))) return undefined
        await sql`select set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`.execute(transaction)
        await sql`select ensure_usage_partitions(${at})`.execute(transaction)
        if (usageMonths === null) return []
        const before = new Date(at)
        before.setUTCMonth(before.getUTCMonth() - usageMonths)
        const { rows } = await sql<{ name: string }>`
          select drop_usage_partitions(${at}, ${before}) as name`.execute(transaction)
        return rows.map(({ name }) => name)
      })
      if (partitions === undefined) return undefined
      const daysAgo = (days: number) => new Date(at.getTime() - days * DAY_MS)
      return {
        partitions,
        idempotencyKeys: await inBatches(
          () => sql`
          delete from idempotency_keys where (caller, key) in (
            select caller, key from idempotency_keys where created_at < ${daysAgo(idempotencyDays)} limit ${BATCH_MAX})`,
        ),
        payloads: await inBatches(
          () => sql`
          update stripe_events set payload = null where (account, livemode, event_id) in (
            select account, livemode, event_id from stripe_events
            where payload is not null and state in ('done', 'parked') and received_at < ${daysAgo(payloadDays)}
            limit ${BATCH_MAX})`,
        ),
      }
    },
  }

  async function inBatches(statement: () => ReturnType<typeof sql>): Promise<number> {
    let count = 0
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const { numAffectedRows = 0n } = await statement().execute(db)
      count += Number(numAffectedRows)
      if (numAffectedRows < BigInt(BATCH_MAX)) break
    }
    return count
  }
}

async function isFirst(transaction: Transaction<Database>): Promise<boolean> {
  const { rows } = await sql<{ is_first: boolean }>`
    select pg_try_advisory_xact_lock(${ADVISORY_LOCK}) as is_first`.execute(transaction)
  return rows[0]?.is_first === true
}
