import type { Kysely } from 'kysely'
import type { ApiKeyRepository } from '../../../domain/operator/api-key.ts'
import { apiKeyFromRow, createApiKeyOperations } from '../operations/api-keys.ts'
import type { Operations } from '../operations/port.ts'
import type { Database } from '../tables/schema.ts'

export function createApiKeyRepository(
  db: Kysely<Database>,
  operations: Operations,
): ApiKeyRepository {
  return {
    ...createApiKeyOperations(operations),

    async list(limit) {
      const rows = await db
        .selectFrom('api_keys')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(apiKeyFromRow)
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
      return row && apiKeyFromRow(row)
    },
  }
}
