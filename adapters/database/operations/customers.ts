import type { Customer, CustomerRepository } from '../../../domain/customer/repository.ts'
import type { DetailsChange } from '../../../domain/customer/details.ts'
import type { Subscription } from '../../../domain/subscription/subscription.ts'
import { factsOf } from '../../../domain/subscription/timeline.ts'
import { webhookOfChange } from '../../../domain/webhook/webhook.ts'
import type { Row } from '../tables/schema.ts'
import { Json } from './json.ts'
import type { Operations } from './port.ts'
import type { Tables } from './tables.ts'

/** Customers in the table `customers`. An absent field of an update keeps its value. */
export function createCustomerRepository(
  tables: Tables,
  operations: Operations,
): CustomerRepository {
  return {
    async find(userId) {
      const row = await tables.find('customers', { where: { user_id: userId } })
      return row && customerFromRow(row)
    },

    async upsert({ userId, email, locale, timeZone }, at) {
      const [row] = await operations.rows('upsert_customer', {
        p_user: userId,
        p_email: email || null,
        p_locale: locale || null,
        p_time_zone: timeZone || null,
        p_now: at,
      })
      if (row === undefined) throw new Error(`upsert_customer returned no row for ${userId}`)
      return customerFromRow(row)
    },

    async change({ userId, email, name, at, actor, keyId, cause, subscription }) {
      const [row] = await operations.rows('change_customer', {
        p_user: userId,
        p_email: email ?? null,
        p_name: name ?? null,
        p_now: at,
        p_subscription: subscription?.id ?? null,
        p_changes: subscription && new Json([entryOf(subscription, { at, actor, cause, keyId })]),
      })
      if (row === undefined) throw new Error(`change_customer returned no row for ${userId}`)
      return customerFromRow(row)
    },

    async recordStripeCustomer(userId, stripeCustomerId) {
      const recorded = await operations.value('record_stripe_customer', {
        p_user: userId,
        p_customer: stripeCustomerId,
      })
      if (recorded === null) throw new Error(`there is no customer ${userId}`)
      return recorded
    },

    async findByStripeCustomer(stripeCustomerId) {
      const where = { stripe_customer_id: stripeCustomerId }
      const row = await tables.find('customers', { where })
      return row && customerFromRow(row)
    },

    followEmail: (stripeCustomerId, email) =>
      operations.value('follow_customer_email', { p_customer: stripeCustomerId, p_email: email }),

    forgetStripeCustomer: (stripeCustomerId) =>
      operations.run('forget_stripe_customer', { p_customer: stripeCustomerId }),
  }
}

function entryOf(
  subscription: Subscription,
  { keyId, ...entry }: Pick<DetailsChange, 'at' | 'actor' | 'cause' | 'keyId'>,
) {
  const facts = factsOf(subscription)
  const change = { kind: 'customer_updated', before: facts, after: facts } as const
  return { ...change, ...entry, key_id: keyId, event: webhookOfChange(change, null) }
}

const customerFromRow = (row: Row<'customers'>): Customer => ({
  userId: row.user_id,
  stripeCustomerId: row.stripe_customer_id,
  email: row.email,
  name: row.name,
  locale: row.locale,
  timeZone: row.time_zone,
  stripeGeneration: row.stripe_generation,
  since: row.created_at,
})
