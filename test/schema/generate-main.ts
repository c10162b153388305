import { mkdir, rm, writeFile } from 'node:fs/promises'
import pg from 'pg'
import { SCHEMA_FILE } from '../../adapters/database/postgres/compare-schema.ts'
import { describeSchema } from '../../adapters/database/postgres/describe-schema.ts'
import { migrate } from '../../adapters/database/postgres/migrate.ts'
import { startTestPostgres } from '../support/embedded.ts'
import { GENERATED, callTypesOf } from './call-types.ts'
import { operationsOf, tablesOf } from './operations.ts'

/** `npm run schema`: describes a freshly migrated database in `migrations/schema.sql`, and types the calls of its functions. */
const postgres = await startTestPostgres()
await migrate(postgres.url)
const client = new pg.Client({ connectionString: postgres.url })
await client.connect()
await writeFile(SCHEMA_FILE, await describeSchema(client))
const operations = await operationsOf(client, new URL('.', SCHEMA_FILE))
const files = await callTypesOf(operations, await tablesOf(client))
await rm(GENERATED, { recursive: true, force: true })
await mkdir(GENERATED)
for (const [name, text] of files) await writeFile(new URL(name, GENERATED), text)
await client.end()
await postgres.stop()
