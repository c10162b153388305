import { sql, type Kysely } from 'kysely'
import { hasAccess } from '../../domain/access.ts'
import type { FeatureType, Overage } from '../../domain/plan.ts'
import { quotaWindowAt } from '../../domain/quota-window.ts'
import type { PlanRepository } from '../../domain/repositories.ts'
import {
  fits,
  type CheckOutcome,
  type Counter,
  type Refusal,
  type UsageQuestion,
} from '../../domain/usage.ts'
import type { Database } from './schema.ts'

/** What `consume_usage` would say, read in one statement and without a lock. */
export async function checkUsage(
  db: Kysely<Database>,
  plans: PlanRepository,
  question: UsageQuestion,
  at: Date,
): Promise<CheckOutcome> {
  const found = await find(db, question, at)
  if (found === undefined) return refused('no_subscription')
  if (found.overage === null) return refused('feature_not_in_plan')
  if (found.type === 'boolean') return refused('feature_not_countable')
  if (!hasAccess(found.access_until, at)) return refused('no_access')
  const counter = counterOf(found) ?? (await unopened(plans, found, at))
  return fits(counter, question.amount, found.overage)
    ? { kind: 'allowed', counter }
    : { kind: 'refused', reason: 'quota_exceeded', counter }
}

const refused = (reason: Refusal): CheckOutcome => ({ kind: 'refused', reason, counter: null })

type Found = {
  plan_version_id: string
  anchor: Date | null
  access_until: Date | null
  type: FeatureType | null
  feature_id: string | null
  overage: Overage | null
  used_amount: number | null
  quota_limit: number | null
  window_start: Date | null
  window_end: Date | null
}

async function find(db: Kysely<Database>, { userId, feature }: UsageQuestion, at: Date) {
  const { rows } = await sql<Found>`
    select s.plan_version_id, s.anchor, s.access_until, f.type, pf.feature_id, pf.overage,
      u.used_amount, u.quota_limit, u.window_start, u.window_end
    from subscriptions s
    left join features f on f.code = ${feature}
    left join plan_features pf on pf.plan_version_id = s.plan_version_id and pf.feature_id = f.id
    left join feature_usage u on u.subscription_id = s.id and u.feature_id = pf.feature_id
      and u.window_start <= ${at} and ${at} < u.window_end
    where s.user_id = ${userId} and s.status not in ('canceled', 'incomplete_expired')
    -- Of several product lines, the one that has the feature.
    order by pf.feature_id is null, u.window_start desc
    limit 1`.execute(db)
  return rows[0]
}

function counterOf(found: Found): Counter | undefined {
  const { used_amount, quota_limit, window_start, window_end } = found
  if (used_amount === null || window_start === null || window_end === null) return undefined
  return {
    usedAmount: used_amount,
    quotaLimit: quota_limit,
    windowStart: window_start,
    windowEnd: window_end,
  }
}

/** The window that consuming would open. */
async function unopened(plans: PlanRepository, found: Found, at: Date): Promise<Counter> {
  const plan = await plans.getVersion(found.plan_version_id)
  const feature = plan.features.find(({ featureId }) => featureId === found.feature_id)
  if (feature === undefined || found.anchor === null)
    throw new Error(`no window of feature ${found.feature_id} can be open`)
  const { start, end, quotaLimit } = quotaWindowAt(plan, feature, found.anchor, at)
  return { usedAmount: 0, quotaLimit, windowStart: start, windowEnd: end }
}
