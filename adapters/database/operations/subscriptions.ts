import { subscriptionId } from '../../../domain/ids.ts'
import type { SubscriptionRepository } from '../../../domain/subscription/repository.ts'
import { TERMINAL, type Subscription } from '../../../domain/subscription/subscription.ts'
import { violates } from '../../failures/database.ts'
import { rowFromSubscription, subscriptionFromRow } from '../tables/subscription-rows.ts'
import { Json } from './json.ts'
import type { Operations } from './port.ts'
import { saveSubscription } from './save-subscription.ts'
import type { Tables } from './tables.ts'

/**
 * Subscriptions with their timelines. A write that does not continue from the `observed_seq` that it read changes nothing.
 */
export function createSubscriptionRepository(
  tables: Tables,
  operations: Operations,
): SubscriptionRepository {
  const find = finder(tables)
  const findLive = liveFinder(tables)
  return {
    find,
    findLive,
    findLatest: latestFinder(tables),
    create: creator(tables, find, findLive),
    save: (write) => saveSubscription(operations, write),

    async listOfUser(userId, limit) {
      const rows = await tables.list('subscriptions', {
        where: { user_id: userId },
        orderBy: ['created_at desc', 'id'],
        limit,
      })
      return rows.map(subscriptionFromRow)
    },

    async timeline(id, limit) {
      const rows = await tables.list('subscription_changes', {
        columns: ['seq', 'at', 'actor', 'kind', 'before', 'after', 'cause', 'key_id', 'asked_by'],
        where: { subscription_id: id },
        orderBy: ['seq'],
        limit,
      })
      return rows.map(({ key_id, asked_by, ...entry }) => ({
        ...entry,
        keyId: key_id,
        askedBy: asked_by,
      }))
    },

    async search({ status, plan, userId, drift }, { limit, after }) {
      const rows = await operations.rows('list_subscriptions', {
        p_status: status ?? null,
        p_plan: plan ?? null,
        p_user: userId ?? null,
        p_drift: drift ?? null,
        p_after: after ?? null,
        p_limit: limit,
      })
      return rows.map(subscriptionFromRow)
    },

    async findByStripeIds(ids) {
      if (ids.subscriptionId !== null) return find(subscriptionId(ids.subscriptionId))
      const [row] = await operations.rows('find_subscription_at_stripe', {
        p_subscription: ids.stripeSubscriptionId,
        p_session: ids.sessionId,
        p_customer: ids.customerId,
      })
      return row && subscriptionFromRow(row)
    },
  }
}

const finder =
  (tables: Tables): SubscriptionRepository['find'] =>
  async (id) => {
    const row = await tables.find('subscriptions', { where: { id } })
    return row && subscriptionFromRow(row)
  }

const liveFinder =
  (tables: Tables): SubscriptionRepository['findLive'] =>
  async (userId, productLine) => {
    const row = await tables.find('subscriptions', {
      where: { user_id: userId, product_line: productLine },
      whereNot: { status: TERMINAL },
    })
    return row && subscriptionFromRow(row)
  }

const latestFinder =
  (tables: Tables): SubscriptionRepository['findLatest'] =>
  async (userId, productLine) => {
    const row = await tables.find('subscriptions', {
      where: { user_id: userId, product_line: productLine },
      orderBy: ['created_at desc', 'id'],
    })
    return row && subscriptionFromRow(row)
  }

const ONE_LIVE = 'one_live_subscription_per_user_and_product_line'

const creator =
  (
    tables: Tables,
    find: SubscriptionRepository['find'],
    findLive: SubscriptionRepository['findLive'],
  ): SubscriptionRepository['create'] =>
  async (subscription) => {
    try {
      const inserted = await tables.insert('subscriptions', newRowOf(subscription), ['id'])
      if (inserted !== undefined) return { kind: 'created' }
    } catch (error) {
      if (!violates(error, ONE_LIVE)) throw error
      const other = await findLive(subscription.userId, subscription.productLine)
      // The other one may have ended in the meantime. The caller's retry then succeeds.
      if (other === undefined) throw error
      return { kind: 'taken', by: other.id }
    }
    const existing = await find(subscription.id)
    if (existing === undefined) throw new Error(`subscription ${subscription.id} vanished`)
    return { kind: 'repeated', subscription: existing }
  }

const newRowOf = (subscription: Subscription) => ({
  ...rowFromSubscription(subscription),
  discount: subscription.discount && new Json(subscription.discount),
  addons: new Json(subscription.addons),
  pending_addons: subscription.pendingChange && new Json(subscription.pendingChange.addons),
  foreign_items: new Json(subscription.foreignItems),
})
