import type { CustomerUpdateRepository } from '../../../domain/customer/details.ts'
import type { Operations } from './port.ts'

/** The updates of customers at Stripe, in columns of `customers`. */
export const createCustomerUpdateRepository = (
  operations: Operations,
): CustomerUpdateRepository => ({
  async claim(at, leaseMs) {
    const claim = { p_now: at, p_lease_ms: leaseMs }
    const [row] = await operations.rows('claim_customer_update', claim)
    if (row === undefined || row.stripe_customer_id === null) return undefined
    return {
      userId: row.user_id,
      email: row.email,
      name: row.name,
      stripeCustomerId: row.stripe_customer_id,
      revision: row.details_revision,
      attempts: row.details_attempts,
    }
  },

  done: ({ userId, revision }, at) =>
    operations.run('finish_customer_update', { p_user: userId, p_revision: revision, p_now: at }),

  postpone: ({ userId }, until) =>
    operations.run('postpone_customer_update', { p_user: userId, p_due_at: until }),
})
