import type { RetentionRepository } from '../../../domain/operator/retention.ts'
import type { Operations, ValueOperation } from './port.ts'

const DAY_MS = 86_400_000
/** Rows per statement, so that none blocks others for long. */
const BATCH_MAX = 5_000
/** The rest is left for the next day. */
const BATCHES_MAX = 200
/** Windows of usage that one statement sums, and entries of the ledger that it reads. */
const WINDOWS_MAX = 500
const LEDGER_ROWS_MAX = 20_000

type DeleteOperation = Extract<ValueOperation, `forget_${string}`>

/** Deletes old rows, in batches of 5,000. One call deletes at most a million rows of a kind. */
export function createRetentionRepository(operations: Operations): RetentionRepository {
  const deleteBefore = async (operation: DeleteOperation, before: Date) => {
    let count = 0
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const deleted = await operations.value(operation, { p_before: before, p_limit: BATCH_MAX })
      count += deleted
      if (deleted < BATCH_MAX) break
    }
    return count
  }

  return {
    async tidy(policy, at) {
      const { usageMonths, idempotencyDays, payloadDays, eventDays, webhookDays } = policy
      const { decisionDays } = policy
      const before = usageMonths === null ? null : monthsBefore(at, usageMonths)
      if (before !== null) await sumBefore(operations, before, at)
      const partitions = await operations.value('tidy_usage_partitions', {
        p_now: at,
        p_before: before,
      })
      if (partitions === null) return undefined
      const daysAgo = (days: number) => new Date(at.getTime() - days * DAY_MS)
      return {
        partitions,
        idempotencyKeys: await deleteBefore('forget_idempotency_keys', daysAgo(idempotencyDays)),
        payloads: await deleteBefore('forget_stripe_payloads', daysAgo(payloadDays)),
        stripeEvents: await deleteBefore('forget_stripe_events', daysAgo(eventDays)),
        webhookEvents: await deleteBefore('forget_webhook_events', daysAgo(webhookDays)),
        decisions:
          decisionDays === null ? 0 : await deleteBefore('forget_decisions', daysAgo(decisionDays)),
      }
    },
  }
}

/** Sums the months that are to be dropped, for histories. A window is locked while it is summed. */
async function sumBefore(operations: Operations, before: Date, at: Date): Promise<void> {
  const ledger = { p_now: at, p_before: before, p_windows: WINDOWS_MAX, p_rows: LEDGER_ROWS_MAX }
  let after: string | null = ''
  while (after !== null)
    after = await operations.value('sum_usage_before', { ...ledger, p_after: after })
}

function monthsBefore(at: Date, months: number): Date {
  const before = new Date(at)
  before.setUTCMonth(before.getUTCMonth() - months)
  return before
}
