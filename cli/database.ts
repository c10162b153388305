import type { Repositories } from '../domain/repositories.ts'
import { UsageError } from './exit.ts'
import type { Terminal } from './terminal.ts'

/** The Postgres database of a command. @throws if DATABASE_URL is missing. */
export function databaseUrlOf({ env }: Terminal): string {
  const databaseUrl = env['DATABASE_URL']
  if (databaseUrl !== undefined && databaseUrl !== '') return databaseUrl
  throw new UsageError('DATABASE_URL is missing: postgres://user:password@host:5432/database')
}

/** The database's repositories, over one connection. */
export async function withRepositories<T>(
  terminal: Terminal,
  name: string,
  run: (repositories: Repositories) => Promise<T>,
): Promise<T> {
  const databaseUrl = databaseUrlOf(terminal)
  const { createPool } = await import('../adapters/database/postgres/pool.ts')
  const { createPostgresRepositories } =
    await import('../adapters/database/postgres/repositories.ts')
  const repositories = createPostgresRepositories(
    createPool({
      databaseUrl,
      connectionsMax: 1,
      applicationName: `perennial-${name}`,
      onError: (error) => terminal.log(`${error.message}\n`),
    }),
  )
  try {
    return await run(repositories)
  } finally {
    await repositories.close()
  }
}
