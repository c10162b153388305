import { migrate } from '../../adapters/database/postgres/migrate.ts'
import { seed } from '../../adapters/database/postgres/seed.ts'
import { logOf, startProcess, statePath, type StackContext } from '../context.ts'
import { postgresAccount } from '../postgres/account.ts'
import { postgresBinaries } from '../postgres/binaries.ts'
import { openCluster } from '../postgres/cluster.ts'
import { ensureDatabase } from '../postgres/database.ts'
import { homeFor } from '../postgres/home.ts'
import { postgresUrl, startPostgres } from '../postgres/server.ts'

/** The database's URL, and its state in words for the developer. */
export type Database = { readonly url: string; readonly detail: string }

/** Small, because it shares a developer's machine. Committed data survives a crash, as by default. */
const SETTINGS = {
  max_connections: '100',
  shared_buffers: '64MB',
  max_wal_size: '256MB',
  jit: 'off',
}

/** The database: ours, or the developer's if DATABASE_URL is set; in both cases migrated, with plans on sale. */
export async function startDatabase(context: StackContext): Promise<Database> {
  const given = context.environment.DATABASE_URL
  const url = given ?? (await startOwn(context))
  const applied = await migrate(url)
  const developmentKeys = isOnThisMachine(url)
  await seed({ databaseUrl: url, now: context.clock.now(), developmentKeys })
  if (!developmentKeys) {
    context.report(
      'DATABASE_URL is on another machine: the development keys were not stored there.',
    )
  }
  const migrations =
    applied.length === 0 ? 'up to date' : `${applied.length} files of migrations/ applied`
  return { url, detail: `${given === undefined ? '' : 'DATABASE_URL, '}${migrations}` }
}

async function startOwn(context: StackContext): Promise<string> {
  const account = await postgresAccount()
  const [binaries, home] = await Promise.all([
    postgresBinaries(account),
    homeFor(statePath(context, 'postgres'), account),
  ])
  const cluster = await openCluster(home, binaries)
  const port = context.ports.postgres
  const onLine = logOf(context, 'postgres')
  await startProcess(context, 'Postgres', () =>
    startPostgres({ home, cluster, binaries, port, settings: SETTINGS, onLine }),
  )
  const url = postgresUrl(port, cluster.password, 'perennial')
  await ensureDatabase(url)
  return url
}

/** Publicly known keys must not be stored in a database that other users can reach. */
function isOnThisMachine(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]', ''].includes(new URL(url).hostname)
}
