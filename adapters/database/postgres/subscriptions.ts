import type { Kysely } from 'kysely'
import { subscriptionId } from '../../../domain/ids.ts'
import type { SubscriptionRepository } from '../../../domain/subscription/repository.ts'
import { TERMINAL } from '../../../domain/subscription/subscription.ts'
import type { Operations } from '../operations/port.ts'
import {
  creating,
  findByStripeIds,
  saveSubscription,
  searchSubscriptions,
} from '../operations/subscriptions.ts'
import type { Database } from '../tables/schema.ts'
import { rowFromSubscription, subscriptionFromRow } from '../tables/subscription-rows.ts'

export function createSubscriptionRepository(
  db: Kysely<Database>,
  operations: Operations,
): SubscriptionRepository {
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

    create: creating({
      find,
      findLive,
      insert: async (subscription) => {
        const inserted = await db
          .insertInto('subscriptions')
          .values(rowFromSubscription(subscription))
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returning('id')
          .executeTakeFirst()
        return inserted !== undefined
      },
    }),

    save: (write) => saveSubscription(operations, write),

    async timeline(id, limit) {
      return db
        .selectFrom('subscription_changes')
        .select(['seq', 'at', 'actor', 'kind', 'before', 'after', 'cause'])
        .where('subscription_id', '=', id)
        .orderBy('seq')
        .limit(limit)
        .execute()
    },

    search: (filter, page) => searchSubscriptions(operations, filter, page),

    findByStripeIds: (ids) =>
      ids.subscriptionId === null
        ? findByStripeIds(operations, ids)
        : find(subscriptionId(ids.subscriptionId)),
  }
}
