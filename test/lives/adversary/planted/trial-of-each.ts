import type { Plant } from '../play.ts'

/** A trial is had once by each account, and not by each person. */
export const trialOfEach: Plant = async ({ container, database }) => {
  const { subscriptions } = container.repositories
  const hadTrial: typeof subscriptions.hadTrial = async (userId, productLine) => {
    const { rows } = await database.pool.query(
      `select from subscription_changes c join subscriptions s on s.id = c.subscription_id
       where s.user_id = $1 and s.product_line = $2 and c.kind = 'trial_started' limit 1`,
      [userId, productLine],
    )
    return rows.length > 0
  }
  Object.assign(subscriptions, { hadTrial })
}
