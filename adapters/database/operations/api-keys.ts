import { SCOPES, type ApiKey, type ApiKeyRepository } from '../../../domain/operator/api-key.ts'
import type { Row } from '../tables/schema.ts'
import type { Operations } from './port.ts'
import { tableRowFromJson } from './table-row-from-json.ts'
import type { Tables } from './tables.ts'

/** The last use is recorded at most this often. Otherwise every look-up of a busy key would write. */
const USE_RECORDED_EVERY_MS = 60_000

/** API keys in the table `api_keys`, found by their hash. */
export function createApiKeyRepository(tables: Tables, operations: Operations): ApiKeyRepository {
  return {
    async findByHash(hash, at) {
      const [row] = await operations.rows('find_api_key', {
        p_hash: hash,
        p_now: at,
        p_noted_before: new Date(at.getTime() - USE_RECORDED_EVERY_MS),
      })
      return row && apiKeyFromRow(row)
    },

    async list(limit) {
      const orderBy = ['created_at desc', 'id'] as const
      return (await tables.list('api_keys', { orderBy, limit })).map(apiKeyFromRow)
    },

    async namesOf(ids) {
      if (ids.length === 0) return new Map()
      const columns = ['id', 'name'] as const
      const rows = await tables.list('api_keys', { columns, where: { id: ids } })
      return new Map(rows.map(({ id, name }) => [id, name]))
    },

    async create({ id, name, prefix, hash, scopes, expiresAt }, { at, by }) {
      const made = { id, name, prefix, hash, scopes: [...scopes], expires_at: expiresAt }
      const row = await tables.insert('api_keys', { ...made, created_at: at, created_by: by }, [
        'id',
      ])
      return row && apiKeyFromRow(row)
    },

    async revoke(id, { at, by }) {
      const [row] = await operations.rows('revoke_api_key', { p_id: id, p_now: at, p_by: by })
      if (row === undefined) return { kind: 'unknown' }
      return row.outcome === 'revoked'
        ? { kind: 'revoked', key: apiKeyFromJson(row.key) }
        : { kind: 'last_operator' }
    },

    async rotate(id, successor, until, { at, by }) {
      const [row] = await operations.rows('rotate_api_key', {
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

const apiKeyFromJson = (key: object): ApiKey => apiKeyFromRow(tableRowFromJson('api_keys', key))

const apiKeyFromRow = (row: Row<'api_keys'>): ApiKey => ({
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
