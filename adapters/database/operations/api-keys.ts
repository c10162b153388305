import { SCOPES, type ApiKey, type ApiKeyRepository } from '../../../domain/operator/api-key.ts'
import type { Row } from '../tables/schema.ts'
import { rowFromJson } from './instants.ts'
import type { Operations } from './port.ts'

/** A use is noted again after this time: a key in use would otherwise be written with every look-up. */
const USE_NOTED_EVERY_MS = 60_000

/** A key within another row: JSON, whoever answers. */
type KeyJson = object

export function createApiKeyOperations(
  operations: Operations,
): Pick<ApiKeyRepository, 'findByHash' | 'revoke' | 'rotate'> {
  return {
    async findByHash(hash, at) {
      const [row] = await operations.rows<Row<'api_keys'>>('find_api_key', {
        p_hash: hash,
        p_now: at,
        p_noted_before: new Date(at.getTime() - USE_NOTED_EVERY_MS),
      })
      return row && apiKeyFromRow(row)
    },

    async revoke(id, { at, by }) {
      const [row] = await operations.rows<{ outcome: 'revoked' | 'last_operator'; key: KeyJson }>(
        'revoke_api_key',
        { p_id: id, p_now: at, p_by: by },
      )
      if (row === undefined) return { kind: 'unknown' }
      return row.outcome === 'revoked'
        ? { kind: 'revoked', key: apiKeyFromJson(row.key) }
        : { kind: 'last_operator' }
    },

    async rotate(id, successor, until, { at, by }) {
      const [row] = await operations.rows<{
        outcome: 'rotated' | 'over'
        key: KeyJson
        replaced: KeyJson | null
      }>('rotate_api_key', {
        p_id: id,
        p_successor: successor.id,
        p_prefix: successor.prefix,
        p_hash: successor.hash,
        p_until: until,
        p_now: at,
        p_by: by,
      })
      if (row === undefined) return { kind: 'unknown' }
      const key = apiKeyFromJson(row.key)
      return row.replaced === null
        ? { kind: 'over', key }
        : { kind: 'rotated', key, replaced: apiKeyFromJson(row.replaced) }
    },
  }
}

const apiKeyFromJson = (key: KeyJson): ApiKey => apiKeyFromRow(rowFromJson(key))

export const apiKeyFromRow = (row: Row<'api_keys'>): ApiKey => ({
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
