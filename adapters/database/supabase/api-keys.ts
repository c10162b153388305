import type { ApiKeyRepository } from '../../../domain/operator/api-key.ts'
import { apiKeyFromRow, createApiKeyOperations } from '../operations/api-keys.ts'
import type { Operations } from '../operations/port.ts'
import type { Tables } from './rows.ts'

export const createApiKeyRepository = (
  tables: Tables,
  operations: Operations,
): ApiKeyRepository => ({
  ...createApiKeyOperations(operations),

  async list(limit) {
    const rows = await tables.list('api_keys', (from) =>
      from.select().order('created_at', { ascending: false }).order('id').limit(limit),
    )
    return rows.map(apiKeyFromRow)
  },

  async create({ id, name, prefix, hash, scopes, expiresAt }, { at, by }) {
    const made = { id, name, prefix, hash, scopes, created_at: at, expires_at: expiresAt }
    const row = await tables.first('api_keys', (from) =>
      from
        .upsert({ ...made, created_by: by }, { onConflict: 'id', ignoreDuplicates: true })
        .select(),
    )
    return row && apiKeyFromRow(row)
  },
})
