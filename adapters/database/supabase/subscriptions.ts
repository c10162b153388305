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
import { rowFromSubscription, subscriptionFromRow } from '../tables/subscription-rows.ts'
import { listed, type Tables } from './rows.ts'

export function createSubscriptionRepository(
  tables: Tables,
  operations: Operations,
): SubscriptionRepository {
  const find: SubscriptionRepository['find'] = async (id) => {
    const row = await tables.first('subscriptions', (from) => from.select().eq('id', id))
    return row && subscriptionFromRow(row)
  }
  const findLive: SubscriptionRepository['findLive'] = async (userId, productLine) => {
    const row = await tables.first('subscriptions', (from) =>
      from
        .select()
        .eq('user_id', userId)
        .eq('product_line', productLine)
        .not('status', 'in', listed(TERMINAL)),
    )
    return row && subscriptionFromRow(row)
  }

  return {
    find,
    findLive,

    hadTrial: async (userId, productLine) =>
      (await operations.value<boolean>('had_trial', {
        p_user: userId,
        p_product_line: productLine,
      })) === true,

    async listOfUser(userId, limit) {
      const rows = await tables.list('subscriptions', (from) =>
        from
          .select()
          .eq('user_id', userId)
          .order('created_at', { ascending: false })
          .order('id')
          .limit(limit),
      )
      return rows.map(subscriptionFromRow)
    },

    create: creating({
      find,
      findLive,
      insert: async (subscription) => {
        const row = { ...rowFromSubscription(subscription), discount: subscription.discount }
        const inserted = await tables.first('subscriptions', (from) =>
          from.upsert(row, { onConflict: 'id', ignoreDuplicates: true }).select('id'),
        )
        return inserted !== undefined
      },
    }),

    save: (write) => saveSubscription(operations, write),

    timeline: (id, limit) =>
      tables.list('subscription_changes', (from) =>
        from
          .select('seq, at, actor, kind, before, after, cause')
          .eq('subscription_id', id)
          .order('seq')
          .limit(limit),
      ),

    search: (filter, page) => searchSubscriptions(operations, filter, page),

    findByStripeIds: (ids) =>
      ids.subscriptionId === null
        ? findByStripeIds(operations, ids)
        : find(subscriptionId(ids.subscriptionId)),
  }
}
