import type { SyncCursorRepository } from '../../../domain/stripe/sync-cursor.ts'
import type { Operations } from './port.ts'
import type { Tables } from './tables.ts'

/** How far listings were read, in the table `sync_cursors`. A position only moves forward. */
export const createSyncCursorRepository = (
  tables: Tables,
  operations: Operations,
): SyncCursorRepository => ({
  async claim(name, at, until) {
    const claim = { p_name: name, p_now: at, p_until: until }
    return (await operations.value('claim_sync_cursor', claim)) ?? undefined
  },

  async find(name) {
    const row = await tables.find('sync_cursors', { columns: ['position'], where: { name } })
    return row?.position
  },

  advance: (name, position) =>
    tables.update('sync_cursors', { position }, { where: { name }, below: { position } }),

  release: (name, dueAt) => tables.update('sync_cursors', { due_at: dueAt }, { where: { name } }),
})
