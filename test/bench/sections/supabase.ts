import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { migrate } from '../../../adapters/database/postgres/migrate.ts'
import { seed } from '../../../adapters/database/postgres/seed.ts'
import { createRepositories, type DatabaseConfig } from '../../../assembly/repositories.ts'
import type { Repositories } from '../../../domain/repositories.ts'
import { DURABLE_SETTINGS, startTestPostgres } from '../../support/embedded.ts'
import { AUTHENTICATOR, startTestSupabase } from '../../support/postgrest.ts'
import { getPlan, storeActive } from '../../support/rows.ts'
import { inRounds, mediansOf, type Section } from '../section.ts'

const SECONDS = 5
const ROUNDS = 3
const CALLERS = 64
const USERS = 50
const MS = 1_000

/** The cost of usage over PostgREST, relative to a direct connection. */
export const supabase: Section = {
  name: 'supabase',
  isLong: true,
  async measure() {
    const postgres = await startTestPostgres(DURABLE_SETTINGS)
    await migrate(postgres.url)
    await seed({ databaseUrl: postgres.url, now: new Date(), developmentKeys: false })
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    await client.query(AUTHENTICATOR)
    await client.end()
    const project = await startTestSupabase(postgres.url)
    const native = repositoriesOf({ kind: 'postgres', url: postgres.url, connectionsMax: 10 })
    const rest = repositoriesOf({ kind: 'supabase', ...project })
    const users = await customers(native)
    const rounds = await inRounds('supabase', ROUNDS, async () => ({
      nativeAloneMs: MS / (await consume(native, users, 1)),
      native: await consume(native, users, CALLERS),
      restAloneMs: MS / (await consume(rest, users, 1)),
      rest: await consume(rest, users, CALLERS),
    }))
    await Promise.all([native.close(), rest.close()])
    await project.close()
    await postgres.stop()
    const of = mediansOf(rounds)
    return {
      figures: [
        { name: `a connection, ${CALLERS} callers`, value: of('native'), unit: 'events/s' },
        { name: `Supabase’s REST, ${CALLERS} callers`, value: of('rest'), unit: 'events/s' },
        { name: 'a connection, one caller alone', value: of('nativeAloneMs'), unit: 'ms' },
        { name: 'Supabase’s REST, one caller alone', value: of('restAloneMs'), unit: 'ms' },
      ],
      budgets: [],
      rounds,
    }
  },
}

const repositoriesOf = (database: DatabaseConfig) =>
  createRepositories(database, { name: 'bench', onError: (error) => console.error(error) })

/** Customers without a limit, so that every event is counted. */
async function customers(repositories: Repositories): Promise<string[]> {
  const plan = await getPlan(repositories, 'plan_enterprise')
  const stored = Array.from({ length: USERS }, () =>
    storeActive(repositories, { plan, at: new Date() }),
  )
  return (await Promise.all(stored)).map(({ userId }) => userId)
}

/** Events per second with this many callers, each sending the next call after each answer. */
async function consume(
  { usage }: Repositories,
  users: readonly string[],
  callers: number,
): Promise<number> {
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
