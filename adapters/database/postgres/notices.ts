import type { Kysely } from 'kysely'
import type { NoticeRepository } from '../../../domain/customer/letter-repository.ts'
import { NOTICE_ERROR_MAX_CHARACTERS, noticeClaimer } from '../operations/notices.ts'
import type { Operations } from '../operations/port.ts'
import type { Database } from '../tables/schema.ts'

export function createNoticeRepository(
  db: Kysely<Database>,
  operations: Operations,
): NoticeRepository {
  const pending = (key: string) =>
    db.updateTable('notices').where('key', '=', key).where('state', '=', 'pending')

  return {
    claimDue: noticeClaimer(operations),

    async markSent(key, at) {
      await pending(key).set({ state: 'sent', sent_at: at, last_error: null }).execute()
    },

    async skip(key, reason) {
      await pending(key).set({ state: 'skipped', last_error: reason }).execute()
    },

    async postpone(key, error, until) {
      await pending(key)
        .set({ last_error: error.slice(0, NOTICE_ERROR_MAX_CHARACTERS), due_at: until })
        .execute()
    },

    async giveUp(key, error) {
      await pending(key)
        .set({ state: 'failed', last_error: error.slice(0, NOTICE_ERROR_MAX_CHARACTERS) })
        .execute()
    },
  }
}
