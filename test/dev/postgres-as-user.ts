import { Client } from 'pg'
import { startTestPostgres } from '../support/embedded.ts'

/** Run by `postgres.test.ts` as a normal user: starts a Postgres, queries it and stops it. */
const postgres = await startTestPostgres()
const client = new Client({ connectionString: postgres.url })
await client.connect()
const { rows } = await client.query<{ one: number }>('select 1 as one')
await client.end()
await postgres.stop()
process.stdout.write(`answered ${rows[0]?.one} as uid ${process.getuid?.()}\n`)
