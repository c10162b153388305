import type { Kysely } from 'kysely'
import { SCOPES, type ApiKeyRepository } from '../../domain/repositories.ts'
import type { Database } from './schema.ts'

export function createApiKeyRepository(db: Kysely<Database>): ApiKeyRepository {
  return {
    async findByHash(hash) {
      const row = await db
        .selectFrom('api_keys')
        .select(['id', 'name', 'scopes'])
        .where('hash', '=', hash)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return {
        id: row.id,
        name: row.name,
        scopes: SCOPES.filter((scope) => row.scopes.includes(scope)),
      }
    },
  }
}
