import type { NoticeRepository } from '../../../domain/customer/letter-repository.ts'
import { NOTICE_ERROR_MAX_CHARACTERS, noticeClaimer } from '../operations/notices.ts'
import type { Operations } from '../operations/port.ts'
import type { Tables } from './rows.ts'

export function createNoticeRepository(tables: Tables, operations: Operations): NoticeRepository {
  const set = (key: string, values: object) =>
    tables.write('notices', (from) => from.update(values).eq('key', key).eq('state', 'pending'))

  return {
    claimDue: noticeClaimer(operations),
    markSent: (key, at) => set(key, { state: 'sent', sent_at: at, last_error: null }),
    skip: (key, reason) => set(key, { state: 'skipped', last_error: reason }),
    postpone: (key, error, until) => set(key, { last_error: told(error), due_at: until }),
    giveUp: (key, error) => set(key, { state: 'failed', last_error: told(error) }),
  }
}

const told = (error: string) => error.slice(0, NOTICE_ERROR_MAX_CHARACTERS)
