import type { Command } from 'commander'
import { answering, type Stage } from '../action.ts'
import { databaseUrlOf } from '../database.ts'
import { withProgress } from '../progress.ts'

/** Up to this many functions are listed by name. */
const NAMED_MAX = 10

/** Adds `migrate`, which updates the schema and puts the first plans on sale. Safe to run twice, also at once. */
export function addMigrate(program: Command, stage: Stage): void {
  const { terminal } = stage
  program
    .command('migrate')
    .summary('bring the schema of DATABASE_URL up to date, and put the first plans on sale')
    .description(
      'Brings the schema of DATABASE_URL up to date. Where there are no plans yet it puts those of catalogue.yaml on sale. Running it twice, or twice at once, changes nothing.',
    )
    .addHelpText('after', '\nExample:\n  $ DATABASE_URL=postgres://… npx perennial migrate --json')
    .action(
      answering(stage, async (_options: unknown, _command: Command) => {
        const databaseUrl = databaseUrlOf(terminal)
        const { migrate } = await import('../../adapters/database/postgres/migrate.ts')
        const { seed } = await import('../../adapters/database/postgres/seed.ts')
        const applied = await withProgress(terminal, 'Migrating', (report) =>
          migrate(databaseUrl, report),
        )
        await seed({ databaseUrl, now: terminal.now(), developmentKeys: false })
        return { lines: [sentenceOf(applied)], json: { applied } }
      }),
    )
}

/** A new database applies more than a hundred functions; a list of them would be unreadable. */
function sentenceOf(applied: readonly string[]): string {
  if (applied.length === 0) return 'The schema is up to date.'
  const tables = applied.filter((path) => !path.startsWith('functions/'))
  const functions = applied.filter((path) => path.startsWith('functions/'))
  const named = functions.length > NAMED_MAX ? [`${functions.length} functions`] : functions
  return `Applied ${[...tables, ...named].join(', ')}.`
}
