import type { SyncCursorRepository } from '../../../domain/stripe/sync-cursor.ts'
import type { Operations } from '../operations/port.ts'
import type { Tables } from './rows.ts'

export const createSyncCursorRepository = (
  tables: Tables,
  operations: Operations,
): SyncCursorRepository => ({
  async claim(name, at, until) {
    const claiming = { p_name: name, p_now: at, p_until: until }
    const position = await operations.value<string>('claim_sync_cursor', claiming)
    return position === null ? undefined : new Date(position)
  },

  async find(name) {
    const row = await tables.first('sync_cursors', (from) =>
      from.select('position').eq('name', name),
    )
    return row?.position
  },

  advance: (name, position) =>
    tables.write('sync_cursors', (from) =>
      from.update({ position }).eq('name', name).lt('position', position.toISOString()),
    ),

  release: (name, dueAt) =>
    tables.write('sync_cursors', (from) => from.update({ due_at: dueAt }).eq('name', name)),
})
