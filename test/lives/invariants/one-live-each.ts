import type { Invariant } from './all.ts'

/** A user has one live subscription of a product line, here and at Stripe. */
export const oneLiveEach: Invariant = async ({ database, stripe }, residents) => {
  const broken: string[] = []
  const { rows } = await database.pool.query<{ user_id: string; count: number }>(
    `select user_id, count(*)::int as count from subscriptions
     where status not in ('canceled', 'incomplete_expired') group by user_id, product_line having count(*) > 1`,
  )
  for (const { user_id, count } of rows) broken.push(`${user_id} has ${count} live subscriptions`)
  for (const { user, email } of residents) {
    const customers = await stripe.customers.list({ email, limit: 2 })
    if (customers.data.length > 1) broken.push(`${user} is two customers at Stripe`)
    const customer = customers.data[0]?.id
    if (customer === undefined) continue
    const { data } = await stripe.subscriptions.list({ customer, limit: 2 })
    if (data.length > 1) broken.push(`${user} pays for two subscriptions at Stripe`)
  }
  return broken
}
