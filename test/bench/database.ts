import type pg from 'pg'
import { migrate } from '../../adapters/database/postgres/migrate.ts'
import { createPool } from '../../adapters/database/postgres/pool.ts'
import { seed } from '../../adapters/database/postgres/seed.ts'
import { DURABLE_SETTINGS, startTestPostgres } from '../support/embedded.ts'
import { storeCustomers } from './customers.ts'

export type BenchDatabase = {
  readonly url: string
  readonly pool: pg.Pool
  /** Stops the server; open connections break. */
  readonly stop: () => Promise<void>
}

/** A separate Postgres with durable commits, and with the plans and customers of the bench. */
export async function openBenchDatabase(given: {
  readonly connectionsMax: number
  readonly answerTimeoutMs?: number
}): Promise<BenchDatabase> {
  const postgres = await startTestPostgres(DURABLE_SETTINGS)
  const pool = createPool({
    ...given,
    databaseUrl: postgres.url,
    applicationName: 'bench',
    onError: (error) => console.error(error),
  })
  await migrate(postgres.url)
  await seed({ databaseUrl: postgres.url, now: new Date(), developmentKeys: true })
  await storeCustomers(pool)
  return {
    url: postgres.url,
    pool,
    stop: async () => {
      if (!pool.ended) await pool.end()
      await postgres.stop()
    },
  }
}
