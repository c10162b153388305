import type { Repositories } from '../domain/repositories.ts'
import { UsageError } from './exit.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLE = 'postgres://user:password@host:5432/database'

/** The Postgres database of a command. @throws UsageError if DATABASE_URL is missing or not an address. */
export function databaseUrlOf({ env }: Terminal): string {
  const databaseUrl = env['DATABASE_URL']
  if (databaseUrl === undefined || databaseUrl === '')
    throw new UsageError(`DATABASE_URL is missing: ${EXAMPLE}`)
  if (!/^postgres(ql)?:\/\/./.test(databaseUrl) || !URL.canParse(databaseUrl))
    throw new UsageError(`DATABASE_URL is not the address of a Postgres: ${EXAMPLE}`)
  return databaseUrl
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
