import type { CustomerRepository } from '../../../domain/customer/repository.ts'
import type { Operations } from '../operations/port.ts'
import { customerFromRow } from '../postgres/customers.ts'
import type { Row } from '../tables/schema.ts'
import type { Tables } from './rows.ts'

export const createCustomerRepository = (
  tables: Tables,
  operations: Operations,
): CustomerRepository => ({
  async find(userId) {
    const row = await tables.first('customers', (from) => from.select().eq('user_id', userId))
    return row && customerFromRow(row)
  },

  async upsert({ userId, email, locale, timeZone }, at) {
    const [row] = await operations.rows<Row<'customers'>>('upsert_customer', {
      p_user: userId,
      p_email: email || null,
      p_locale: locale || null,
      p_time_zone: timeZone || null,
      p_now: at,
    })
    if (row === undefined) throw new Error(`customer ${userId} was not answered`)
    return customerFromRow(row)
  },

  async recordStripeCustomer(userId, stripeCustomerId) {
    const recording = { p_user: userId, p_customer: stripeCustomerId }
    const recorded = await operations.value<string>('record_stripe_customer', recording)
    if (recorded === null) throw new Error(`there is no customer ${userId}`)
    return recorded
  },

  async findByStripeCustomer(stripeCustomerId) {
    const row = await tables.first('customers', (from) =>
      from.select().eq('stripe_customer_id', stripeCustomerId),
    )
    return row && customerFromRow(row)
  },

  forgetStripeCustomer: (stripeCustomerId) =>
    operations.run('forget_stripe_customer', { p_customer: stripeCustomerId }),
})
