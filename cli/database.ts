import type { Repositories } from '../domain/repositories.ts'
import { UsageError } from './exit.ts'
import { onStack } from './on-stack.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLE = 'postgres://user:password@host:5432/database'

/** The Postgres database of a command: that of the environment, after `onStack`. @throws UsageError if DATABASE_URL is missing or not an address. */
export function databaseUrlOf({ env }: Terminal): string {
  const databaseUrl = env['DATABASE_URL']
  if (databaseUrl === undefined || databaseUrl === '')
    throw new UsageError(
      `DATABASE_URL is missing: ${EXAMPLE}\nWithout it, this command uses the stack of \`npm start\`, and none runs here.`,
    )
  if (!/^postgres(ql)?:\/\/./.test(databaseUrl) || !URL.canParse(databaseUrl))
    throw new UsageError(`DATABASE_URL is not the address of a Postgres: ${EXAMPLE}`)
  return databaseUrl
}

/** Runs with the repositories of the database, over one connection. `onStack` describes the terminal that it gets. */
export async function withRepositories<T>(
  given: Terminal,
  name: string,
  run: (repositories: Repositories, terminal: Terminal) => Promise<T>,
): Promise<T> {
  const terminal = await onStack(given)
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
    return await run(repositories, terminal)
  } finally {
    await repositories.close()
  }
}
