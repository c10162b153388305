import { readFile } from 'node:fs/promises'
import type pg from 'pg'
import { applyCatalogue } from '../../catalogue/apply.ts'
import { readCatalogueFile } from '../../catalogue/file.ts'
import { DEVELOPMENT_KEYS } from '../../../domain/operator/development-keys.ts'
import { hashOfKey, prefixOfKey } from '../../secrets/api-key-secret.ts'
import { derivedUuid } from '../../secrets/derived-uuid.ts'
import { createPool } from './pool.ts'
import { createPostgresRepositories } from './repositories.ts'

/** `developmentKeys` also creates the published keys of the local stack. */
export type SeedOptions = {
  readonly databaseUrl: string
  readonly now: Date
  readonly developmentKeys: boolean
}

/** The same path from the sources and from the build. */
const CATALOGUE = new URL('../../../catalogue.yaml', import.meta.url)

/**
 * Publishes the plans of `catalogue.yaml` if the database has no plan yet. Running it twice, or concurrently, changes
 * nothing.
 * @throws Error if `catalogue.yaml` is invalid.
 */
export async function seed({ databaseUrl, now, developmentKeys }: SeedOptions): Promise<void> {
  const read = readCatalogueFile(await readFile(CATALOGUE, 'utf8'), [])
  if (read.kind === 'wrong') throw new Error(`catalogue.yaml: ${JSON.stringify(read.problems)}`)
  const { file } = read
  const pool = createPool({
    databaseUrl,
    connectionsMax: 1,
    applicationName: 'perennial-seed',
    onError: (cause) => console.error(cause.message),
  })
  const repositories = createPostgresRepositories(pool)
  try {
    await repositories.catalogue.inTransaction(async (catalogue) => {
      const plans = await catalogue.listPlans()
      if (plans.length === 0) await applyCatalogue(catalogue, file, { at: now, by: 'seed' })
    })
    if (developmentKeys) await seedDevelopmentKeys(pool, now)
  } finally {
    await repositories.close()
  }
}

async function seedDevelopmentKeys(client: pg.Pool, now: Date) {
  for (const { key, name, scopes } of DEVELOPMENT_KEYS)
    await client.query(
      `insert into api_keys (id, name, prefix, hash, scopes, created_at) values ($1, $2, $3, $4, $5, $6)
       on conflict do nothing`,
      [derivedUuid(`api-key/${key}`), name, prefixOfKey(key), hashOfKey(key), scopes, now],
    )
}
