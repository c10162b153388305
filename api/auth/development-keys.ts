import { hashOfKey } from '../../adapters/secrets/api-key-secret.ts'
import { isDatabaseUnavailable } from '../../adapters/failures/database.ts'
import { DEVELOPMENT_KEYS } from '../../domain/operator/development-keys.ts'
import type { ApiKeyRepository } from '../../domain/operator/api-key.ts'

/**
 * Refuses to start in production on a database that was seeded for development. Production rejects development keys in
 * any case, so the service starts if the database is unavailable.
 * @throws an error that lists every development key that is not revoked.
 */
export async function refuseDevelopmentKeys(apiKeys: ApiKeyRepository, at: Date): Promise<void> {
  try {
    const found = await Promise.all(
      DEVELOPMENT_KEYS.map(({ key }) => apiKeys.findByHash(hashOfKey(key), at)),
    )
    const lines = found.flatMap((key) => (key ? [`  npm run keys -- revoke ${key.id}`] : []))
    if (lines.length > 0)
      throw new Error(
        `The database contains the published development keys. Revoke them:\n${lines.join('\n')}`,
      )
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error
  }
}
