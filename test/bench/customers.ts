import type pg from 'pg'
import { FEATURE, HOT_USER, LIMITED_USER, SETTING, userName } from './setting.ts'

/** Stores the bench's customers, each with a running subscription, an open window and the quota for its load. */
export async function storeCustomers(pool: pg.Pool): Promise<void> {
  const users = Array.from({ length: SETTING.customers }, (_, index) => userName(index))
  users.push(HOT_USER, LIMITED_USER)
  await pool.query(
    `insert into customers (user_id, created_at) select u, now() from unnest($1::text[]) as u`,
    [users],
  )
  await pool.query(
    `insert into subscriptions (id, user_id, product_line, plan_version_id, status, anchor, period_start, period_end,
       access_until, created_at, updated_at)
     select gen_random_uuid(), u, p.product_line, v.id, 'active', now(), now(), now() + interval '1 month',
       '9999-12-31', now(), now()
     from unnest($1::text[]) as u, plan_versions v join plans p on p.id = v.plan_id
     where p.slug = 'plan_pro_monthly'`,
    [users],
  )
  await pool.query(
    `insert into feature_usage (subscription_id, feature_id, window_start, window_end, quota_limit)
     select s.id, f.id, s.period_start, s.period_end, case s.user_id when $2 then $3::bigint else $4::bigint end
     from subscriptions s, features f where s.user_id = any ($1) and f.code = $5`,
    [users, LIMITED_USER, SETTING.smallQuota, SETTING.quota, FEATURE],
  )
  await pool.query('vacuum analyze')
}

/** Usage beyond the limit of the customer with the small quota; it must be zero. */
export async function overshoot(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ used: string; is_used_up: boolean }>(
    `select sum(e.amount) as used, min(u.used_amount) = min(u.quota_limit) as is_used_up
     from subscriptions s join feature_usage u on u.subscription_id = s.id
     join usage_events e on e.subscription_id = s.id and e.outcome = 'allowed' where s.user_id = $1`,
    [LIMITED_USER],
  )
  const [row] = rows
  if (row?.is_used_up !== true)
    throw new Error('the small quota was not used up: nothing was shown')
  return Number(row.used) - SETTING.smallQuota
}
