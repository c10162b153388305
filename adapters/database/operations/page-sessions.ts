import {
  SESSIONS_PER_OWNER_MAX,
  type PageSessionRepository,
} from '../../../domain/operator/page-session.ts'
import type { Operations } from './port.ts'
import type { Tables } from './tables.ts'

/** Sessions of the pages, in the table `page_sessions`. Above `SESSIONS_PER_OWNER_MAX` a new session ends the oldest. */
export const createPageSessionRepository = (
  tables: Tables,
  operations: Operations,
): PageSessionRepository => ({
  begin: ({ id, kind, owner, beganAt, endsAt }, replaced) =>
    operations.run('begin_page_session', {
      p_id: id,
      p_kind: kind,
      p_owner: owner,
      p_now: beganAt,
      p_until: endsAt,
      p_replaced: replaced ?? null,
      p_max: SESSIONS_PER_OWNER_MAX,
    }),

  async exists(kind, id) {
    const row = await tables.find('page_sessions', { columns: ['id'], where: { kind, id } })
    return row !== undefined
  },

  end: (id) => tables.remove('page_sessions', { where: { id } }),
})
