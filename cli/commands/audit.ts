import type { Command } from 'commander'
import { answering, type Stage } from '../action.ts'
import { databaseUrlOf } from '../database.ts'
import { EXIT } from '../exit.ts'
import { onStack } from '../on-stack.ts'
import { withProgress } from '../progress.ts'

/** Adds `audit`, which compares usage counters with their ledger. It ends with 1 if any disagree. */
export function addAudit(program: Command, stage: Stage): void {
  const { terminal } = stage
  program
    .command('audit')
    .summary('compare each usage counter with its ledger, in DATABASE_URL')
    .description(
      'Compares each usage counter with the sum of its ledger, in one snapshot: it can run while usage is counted. Ends with 1 when any disagree.',
    )
    .addHelpText('after', '\nExample:\n  $ npx perennial audit')
    .action(
      answering(stage, async (_options: unknown, _command: Command) => {
        const databaseUrl = databaseUrlOf(await onStack(terminal))
        const { audit, DISAGREEMENTS_MAX, sentenceOf } =
          await import('../../adapters/database/postgres/audit.ts')
        const found = await withProgress(terminal, 'Comparing each counter with its ledger', () =>
          audit(databaseUrl),
        )
        const isCut = found.length === DISAGREEMENTS_MAX
        const count = isCut ? `${DISAGREEMENTS_MAX} or more` : found.length
        const last =
          found.length === 0
            ? 'Every counter is the sum of its ledger.'
            : `${count} counters disagree with their ledger.`
        return {
          lines: [...found.map(sentenceOf), last],
          json: { disagreements: found, is_cut: isCut },
          ...(found.length > 0 && { exitCode: EXIT.wrong }),
        }
      }),
    )
}
