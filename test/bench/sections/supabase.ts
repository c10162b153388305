import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { migrate } from '../../adapters/postgres/migrate.ts'
import { seed } from '../../adapters/postgres/seed.ts'
import { createRepositories, type DatabaseConfig } from '../../adapters/repositories.ts'
import type { Repositories } from '../../domain/repositories.ts'
import { DURABLE_SETTINGS, startTestPostgres } from '../support/embedded.ts'
import { AUTHENTICATOR, startTestSupabase } from '../support/postgrest.ts'
import { getPlan, storeActive } from '../support/rows.ts'

/** `npm run bench:supabase`: what usage costs over PostgREST beside a connection of one's own, in the same run. */
const SECONDS = 5
const ROUNDS = 2
const CALLERS = 64
const USERS = 50
const MS = 1_000

const postgres = await startTestPostgres(DURABLE_SETTINGS)
await migrate(postgres.url)
await seed({ databaseUrl: postgres.url, now: new Date(), developmentKeys: false })
const client = new pg.Client({ connectionString: postgres.url })
await client.connect()
await client.query(AUTHENTICATOR)
await client.end()
const project = await startTestSupabase(postgres.url)

const repositoriesOf = (database: DatabaseConfig) =>
  createRepositories(database, { name: 'bench', onError: (error) => console.error(error) })
const both = [
  ['native', repositoriesOf({ kind: 'postgres', url: postgres.url, connectionsMax: 10 })],
  ['Supabase', repositoriesOf({ kind: 'supabase', ...project })],
] as const
const users = await subscribers(both[0][1])

for (let round = 1; round <= ROUNDS; round++)
  for (const [name, repositories] of both) {
    const one = await consume(repositories, 1)
    const many = await consume(repositories, CALLERS)
    const alone = (MS / one).toFixed(2)
    console.log(
      `${name.padEnd(9)} ${Math.round(many)} usage events/s of ${CALLERS} callers, ${alone} ms each for one alone`,
    )
  }
for (const [, repositories] of both) await repositories.close()
await project.close()
await postgres.stop()

/** Customers without a limit, so that every event is counted. */
async function subscribers(repositories: Repositories): Promise<string[]> {
  const plan = await getPlan(repositories, 'plan_enterprise')
  const stored = Array.from({ length: USERS }, () =>
    storeActive(repositories, { plan, at: new Date() }),
  )
  return (await Promise.all(stored)).map(({ userId }) => userId)
}

/** Events per second that so many callers get answered, each asking again at once. */
async function consume({ usage }: Repositories, callers: number): Promise<number> {
  const until = performance.now() + SECONDS * MS
  let answered = 0
  const caller = async (index: number) => {
    for (let turn = index; performance.now() < until; turn++) {
      const userId = users[turn % USERS] ?? ''
      const request = { userId, feature: 'messages_sent', key: randomUUID(), amount: 1 }
      const [outcome] = await usage.consume([request], new Date())
      if (outcome?.kind !== 'allowed') throw new Error(JSON.stringify(outcome))
      answered++
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, index) => caller(index)))
  return answered / SECONDS
}
