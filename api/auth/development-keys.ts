import { hashOfKey } from '../../adapters/secrets/api-key-secret.ts'
import { isDatabaseUnavailable } from '../../adapters/database/errors.ts'
import { DEVELOPMENT_KEYS } from '../../adapters/database/postgres/seed.ts'
import type { ApiKeyRepository } from '../../domain/operator/api-key.ts'

/**
 * Refuses to serve a database that was seeded for development: its data is not what production should begin with. No
 * such key opens anything in production in any case, so a database that is away does not keep the service from starting.
 * @throws with every development key that is not revoked.
 */
export async function refuseDevelopmentKeys(apiKeys: ApiKeyRepository, at: Date): Promise<void> {
  try {
    const found = await Promise.all(
      DEVELOPMENT_KEYS.map(({ key }) => apiKeys.findByHash(hashOfKey(key), at)),
    )
    const lines = found.flatMap((key) => (key ? [`  npm run keys -- revoke ${key.id}`] : []))
    if (lines.length > 0)
      throw new Error(
        `The database holds keys that everybody knows. Revoke them:\n${lines.join('\n')}`,
      )
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error
  }
}
