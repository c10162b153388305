import type { Kysely, Selectable } from 'kysely'
import type { Customer, CustomerRepository } from '../../../domain/customer/repository.ts'
import type { CustomersTable, Database } from '../tables/schema.ts'

export function createCustomerRepository(db: Kysely<Database>): CustomerRepository {
  return {
    async find(userId) {
      const row = await db
        .selectFrom('customers')
        .selectAll()
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return row === undefined ? undefined : customerFromRow(row)
    },

    async upsert({ userId, email, locale, timeZone }, at) {
      const given = {
        ...(email && { email }),
        ...(locale && { locale }),
        ...(timeZone && { time_zone: timeZone }),
      }
      const row = await db
        .insertInto('customers')
        .values({ user_id: userId, created_at: at, ...given })
        .onConflict((conflict) =>
          conflict.column('user_id').doUpdateSet({ user_id: userId, ...given }),
        )
        .returningAll()
        .executeTakeFirstOrThrow()
      return customerFromRow(row)
    },

    async recordStripeCustomer(userId, stripeCustomerId) {
      const row = await db
        .updateTable('customers')
        .set((eb) => ({
          stripe_customer_id: eb.fn.coalesce('stripe_customer_id', eb.val(stripeCustomerId)),
        }))
        .where('user_id', '=', userId)
        .returning('stripe_customer_id')
        .executeTakeFirstOrThrow()
      return row.stripe_customer_id ?? stripeCustomerId
    },

    async findByStripeCustomer(stripeCustomerId) {
      const row = await db
        .selectFrom('customers')
        .selectAll()
        .where('stripe_customer_id', '=', stripeCustomerId)
        .executeTakeFirst()
      return row && customerFromRow(row)
    },

    async forgetStripeCustomer(stripeCustomerId) {
      await db
        .updateTable('customers')
        .set((eb) => ({
          stripe_customer_id: null,
          stripe_generation: eb('stripe_generation', '+', 1),
        }))
        .where('stripe_customer_id', '=', stripeCustomerId)
        .execute()
    },
  }
}

export const customerFromRow = (row: Selectable<CustomersTable>): Customer => ({
  userId: row.user_id,
  stripeCustomerId: row.stripe_customer_id,
  email: row.email,
  locale: row.locale,
  timeZone: row.time_zone,
  stripeGeneration: row.stripe_generation,
})
