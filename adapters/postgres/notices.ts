import { sql, type Kysely } from 'kysely'
import type { NoticeRepository } from '../../domain/repositories.ts'
import type { Database } from './schema.ts'

const ERROR_MAX_CHARACTERS = 500

export function createNoticeRepository(db: Kysely<Database>): NoticeRepository {
  const pending = (key: string) =>
    db.updateTable('notices').where('key', '=', key).where('state', '=', 'pending')

  return {
    async claimDue(at, limit, leaseMs, subscriptionId) {
      const ofOne =
        subscriptionId === undefined ? sql`` : sql`and subscription_id = ${subscriptionId}`
      const rows = await db
        .updateTable('notices as n')
        .from('subscriptions as s')
        .innerJoin('customers as c', 'c.user_id', 's.user_id')
        .set((eb) => ({
          attempts: eb('n.attempts', '+', 1),
          due_at: new Date(at.getTime() + leaseMs),
        }))
        .whereRef('s.id', '=', 'n.subscription_id')
        .where(
          sql<boolean>`n.key in (select key from notices where state = 'pending' and due_at <= ${at} ${ofOne}
            order by due_at limit ${limit} for update skip locked)`,
        )
        .returning([
          'n.key',
          'n.kind',
          'n.content',
          'n.attempts',
          'c.user_id',
          'c.email',
          'c.locale',
        ])
        .execute()
      return rows.map((row) => ({
        key: row.key,
        kind: row.kind,
        content: row.content,
        userId: row.user_id,
        email: row.email,
        locale: row.locale,
        attempts: row.attempts,
      }))
    },

    async markSent(key, at) {
      await pending(key).set({ state: 'sent', sent_at: at, last_error: null }).execute()
    },

    async skip(key, reason) {
      await pending(key).set({ state: 'skipped', last_error: reason }).execute()
    },

    async postpone(key, error, until) {
      await pending(key)
        .set({ last_error: error.slice(0, ERROR_MAX_CHARACTERS), due_at: until })
        .execute()
    },

    async giveUp(key, error) {
      await pending(key)
        .set({ state: 'failed', last_error: error.slice(0, ERROR_MAX_CHARACTERS) })
        .execute()
    },
  }
}
