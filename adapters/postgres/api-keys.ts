import { sql, type Kysely, type Selectable } from 'kysely'
import { SCOPES, type ApiKey, type ApiKeyRepository } from '../../domain/api-key.ts'
import type { ApiKeysTable, Database } from './schema.ts'

/** A use is noted again after this time: a key in use would otherwise be written with every look-up. */
const USE_NOTED_EVERY_MS = 60_000

export function createApiKeyRepository(db: Kysely<Database>): ApiKeyRepository {
  return {
    async findByHash(hash, at) {
      const row = await db
        .selectFrom('api_keys')
        .selectAll()
        .where('hash', '=', hash)
        .where('revoked_at', 'is', null)
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', at)]))
        .executeTakeFirst()
      if (row === undefined) return undefined
      const notedAt = row.last_used_at?.getTime() ?? 0
      if (at.getTime() - notedAt >= USE_NOTED_EVERY_MS)
        await db
          .updateTable('api_keys')
          .set({ last_used_at: sql`greatest(last_used_at, ${at})` })
          .where('id', '=', row.id)
          .execute()
      return keyFromRow(row)
    },

    async list(limit) {
      const rows = await db
        .selectFrom('api_keys')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(keyFromRow)
    },

    async create(key, { at, by }) {
      const row = await db
        .insertInto('api_keys')
        .values({
          id: key.id,
          name: key.name,
          prefix: key.prefix,
          hash: key.hash,
          scopes: [...key.scopes],
          created_at: at,
          expires_at: key.expiresAt,
          created_by: by,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returningAll()
        .executeTakeFirst()
      return row && keyFromRow(row)
    },

    revoke: (id, { at, by }) =>
      db.transaction().execute(async (transaction) => {
        const keys = await usable(transaction, at)
        const others = keys.filter((key) => key.id !== id && key.scopes.includes('operator'))
        const own = await transaction
          .selectFrom('api_keys')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirst()
        if (own === undefined) return { kind: 'unknown' }
        if (own.revoked_at !== null) return { kind: 'revoked', key: keyFromRow(own) }
        const isOperator = keys.some((key) => key.id === id && key.scopes.includes('operator'))
        // On the server another can be made at any time.
        if (isOperator && others.length === 0 && by !== null) return { kind: 'last_operator' }
        const row = await transaction
          .updateTable('api_keys')
          .set({ revoked_at: at, revoked_by: by })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow()
        return { kind: 'revoked', key: keyFromRow(row) }
      }),

    rotate: (id, successor, until, { at, by }) =>
      db.transaction().execute(async (transaction) => {
        const own = await transaction
          .selectFrom('api_keys')
          .selectAll()
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst()
        if (own === undefined) return { kind: 'unknown' }
        const before = await transaction
          .selectFrom('api_keys')
          .select('id')
          .where('rotated_from', '=', id)
          .executeTakeFirst()
        const isOver =
          before !== undefined ||
          own.revoked_at !== null ||
          (own.expires_at !== null && own.expires_at <= at)
        if (isOver) return { kind: 'over', key: keyFromRow(own) }
        const row = await transaction
          .insertInto('api_keys')
          .values({
            id: successor.id,
            name: own.name,
            prefix: successor.prefix,
            hash: successor.hash,
            scopes: own.scopes,
            created_at: at,
            // It lives as long as its predecessor would have.
            expires_at: own.expires_at,
            created_by: by,
            rotated_from: id,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        const replaced = await transaction
          .updateTable('api_keys')
          .set({ expires_at: sql`least(expires_at, ${until})` })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow()
        return { kind: 'rotated', key: keyFromRow(row), replaced: keyFromRow(replaced) }
      }),
  }
}

/** The keys that open something, locked: of two operators who revoke each other's key, one is told that theirs is the last. */
async function usable(db: Kysely<Database>, at: Date): Promise<ApiKey[]> {
  const rows = await db
    .selectFrom('api_keys')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', at)]))
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(keyFromRow)
}

const keyFromRow = (row: Selectable<ApiKeysTable>): ApiKey => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
  rotatedFrom: row.rotated_from,
})
