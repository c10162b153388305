import { sql, type Kysely } from 'kysely'
import { hasAccess } from '../../domain/access.ts'
import { subscriptionId } from '../../domain/ids.ts'
import { fits, type CheckOutcome, type Refusal, type UsageQuestion } from '../../domain/usage.ts'
import type { Database } from './schema.ts'
import { listStandings } from './usage-standing.ts'
import type { UsageReads } from './usage-windows.ts'

/** What `consume_usage` would say, read without a lock. */
export async function checkUsage(
  db: Kysely<Database>,
  reads: UsageReads,
  question: UsageQuestion,
  at: Date,
): Promise<CheckOutcome> {
  const id = await findSubscription(db, question)
  const subscription = id && (await reads.subscriptions.find(subscriptionId(id)))
  if (!subscription) return refused('no_subscription')
  const usage = await listStandings(db, reads, subscription, at)
  const found = usage.find(({ feature }) => feature.code === question.feature)
  if (found === undefined) return refused('feature_not_in_plan')
  if (found.feature.type === 'boolean') return refused('feature_not_countable')
  if (!hasAccess(subscription.accessUntil, at) || found.standing === null)
    return refused('no_access')
  return fits(found.standing, question.amount, found.feature.overage)
    ? { kind: 'allowed', counter: found.standing }
    : { kind: 'refused', reason: 'quota_exceeded', counter: found.standing }
}

const refused = (reason: Refusal): CheckOutcome => ({ kind: 'refused', reason, counter: null })

/** Of several product lines, the one that has the feature. */
async function findSubscription(db: Kysely<Database>, { userId, feature }: UsageQuestion) {
  const { rows } = await sql<{ id: string }>`
    select s.id from subscriptions s
    left join features f on f.code = ${feature}
    left join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = f.id
    where s.user_id = ${userId} and s.status not in ('canceled', 'incomplete_expired')
    order by pf.feature_id is null
    limit 1`.execute(db)
  return rows[0]?.id
}
