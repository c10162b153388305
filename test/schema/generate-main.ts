import { writeFile } from 'node:fs/promises'
import pg from 'pg'
import { SCHEMA_FILE } from '../../adapters/database/postgres/compare-schema.ts'
import { describeSchema } from '../../adapters/database/postgres/describe-schema.ts'
import { migrate } from '../../adapters/database/postgres/migrate.ts'
import { startTestPostgres } from '../support/embedded.ts'

/** `npm run schema`: describes a freshly migrated database in `migrations/schema.sql`. */
const postgres = await startTestPostgres()
await migrate(postgres.url)
const client = new pg.Client({ connectionString: postgres.url })
await client.connect()
await writeFile(SCHEMA_FILE, await describeSchema(client))
await client.end()
await postgres.stop()
