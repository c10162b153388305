import type { Kysely } from 'kysely'
import type { SyncCursorRepository } from '../../../domain/stripe/sync-cursor.ts'
import type { Database } from '../tables/schema.ts'

export function createSyncCursorRepository(db: Kysely<Database>): SyncCursorRepository {
  const of = (name: string) => db.updateTable('sync_cursors').where('name', '=', name)
  return {
    async claim(name, at, until) {
      const row = await db
        .insertInto('sync_cursors')
        .values({ name, position: at, due_at: until })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({ due_at: until })
            .where('sync_cursors.due_at', '<=', at),
        )
        .returning('position')
        .executeTakeFirst()
      return row?.position
    },

    async find(name) {
      const row = await db
        .selectFrom('sync_cursors')
        .select('position')
        .where('name', '=', name)
        .executeTakeFirst()
      return row?.position
    },

    async advance(name, position) {
      await of(name).set({ position }).where('position', '<', position).execute()
    },

    async release(name, dueAt) {
      await of(name).set({ due_at: dueAt }).execute()
    },
  }
}
