import { sql, type Kysely } from 'kysely'
import { subscriptionId } from '../../domain/ids.ts'
import type { SubscriptionRepository } from '../../domain/repositories.ts'
import { TERMINAL } from '../../domain/subscription.ts'
import { violates } from './errors.ts'
import type { Database } from './schema.ts'
import { rowFromSubscription, subscriptionFromRow } from './subscription-rows.ts'
import { saveSubscription } from './subscription-write.ts'

const ONE_LIVE = 'one_live_subscription_per_user_and_product_line'

export function createSubscriptionRepository(db: Kysely<Database>): SubscriptionRepository {
  const select = () => db.selectFrom('subscriptions').selectAll()
  const selectLive = () => select().where('status', 'not in', TERMINAL)
  const find: SubscriptionRepository['find'] = async (id) => {
    const row = await select().where('id', '=', id).executeTakeFirst()
    return row && subscriptionFromRow(row)
  }
  const findLive: SubscriptionRepository['findLive'] = async (userId, productLine) => {
    const row = await selectLive()
      .where('user_id', '=', userId)
      .where('product_line', '=', productLine)
      .executeTakeFirst()
    return row && subscriptionFromRow(row)
  }

  return {
    find,
    findLive,

    async hadTrial(userId, productLine) {
      const found = await db
        .selectFrom('subscription_changes as c')
        .innerJoin('subscriptions as s', 's.id', 'c.subscription_id')
        .select('c.seq')
        .where('s.user_id', '=', userId)
        .where('s.product_line', '=', productLine)
        .where('c.kind', '=', 'trial_started')
        .limit(1)
        .executeTakeFirst()
      return found !== undefined
    },

    async listOfUser(userId, limit) {
      const rows = await select()
        .where('user_id', '=', userId)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(subscriptionFromRow)
    },

    async create(subscription) {
      try {
        const inserted = await db
          .insertInto('subscriptions')
          .values(rowFromSubscription(subscription))
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returning('id')
          .executeTakeFirst()
        if (inserted !== undefined) return { kind: 'created' }
      } catch (error) {
        if (!violates(error, ONE_LIVE)) throw error
        const other = await findLive(subscription.userId, subscription.productLine)
        // The other one may have ended in this very moment; the caller's retry finds the way free.
        if (other === undefined) throw error
        return { kind: 'taken', by: other.id }
      }
      const existing = await find(subscription.id)
      if (existing === undefined) throw new Error(`subscription ${subscription.id} vanished`)
      return { kind: 'repeated', subscription: existing }
    },

    save: (write) =>
      db.transaction().execute((transaction) => saveSubscription(transaction, write)),

    async timeline(id, limit) {
      return db
        .selectFrom('subscription_changes')
        .select(['seq', 'at', 'actor', 'kind', 'before', 'after', 'cause'])
        .where('subscription_id', '=', id)
        .orderBy('seq')
        .limit(limit)
        .execute()
    },

    async findByStripeIds(ids) {
      if (ids.subscriptionId !== null) return find(subscriptionId(ids.subscriptionId))
      const { stripeSubscriptionId, sessionId, customerId } = ids
      const row = await select()
        .where((eb) =>
          eb.or([
            eb('stripe_subscription_id', '=', stripeSubscriptionId),
            eb('checkout_session_id', '=', sessionId),
          ]),
        )
        .executeTakeFirst()
      if (row !== undefined) return subscriptionFromRow(row)
      // Another subscription of the same customer is not the one that is named.
      if (customerId === null || stripeSubscriptionId !== null) return undefined
      const ofCustomer = await selectLive()
        .where('user_id', '=', (eb) =>
          eb.selectFrom('customers').select('user_id').where('stripe_customer_id', '=', customerId),
        )
        .orderBy(sql`stripe_subscription_id is null`)
        .executeTakeFirst()
      return ofCustomer && subscriptionFromRow(ofCustomer)
    },
  }
}
