import { schemaDifferences } from '../../adapters/database/postgres/compare-schema.ts'
import { pendingMigrations } from '../../adapters/database/postgres/migrate.ts'
import type { Check } from './check.ts'

/** Whether the database has the schema that this build expects: all migrations, and no manual changes. */
export const schemaCheck = (databaseUrl: string): Check => ({
  part: 'schema',
  fix: 'The database must be reachable first, and hold no half-migrated schema of an earlier build.',
  look: async () => {
    const pending = await pendingMigrations(databaseUrl)
    if (pending.length > 0) {
      return {
        wrong: `${pending.length} files of migrations/ are not applied, from ${pending[0]} on`,
        fix: 'perennial migrate',
      }
    }
    const differences = await schemaDifferences(databaseUrl)
    if (differences.length === 0) return 'is up to date'
    return {
      wrong: differences.join('; '),
      fix:
        'Restore what migrations/schema.sql says. To apply a function again, delete its row from schema_functions ' +
        'and run perennial migrate.',
    }
  },
})
