import { InvalidArgumentError, type Command } from 'commander'
import { isUserId } from '../../domain/ids.ts'
import { answering, type Result, type Stage } from '../action.ts'
import { databaseUrlOf } from '../database.ts'
import { RefusedError, UsageError } from '../exit.ts'

export function addUser(program: Command, stage: Stage): void {
  const { terminal } = stage
  const user = program.command('user').summary('export or erase all that is known of a user')
  user
    .command('export')
    .summary('write each row of a user as a line of JSON')
    .argument('<user id>', 'the application’s own id', idOfUser)
    .addHelpText('after', '\nExample:\n  $ npx perennial user export ada > ada.jsonl')
    .action(async (id: string) => {
      const { exportUser } = await import('../../adapters/database/postgres/user-export.ts')
      let lines = 0
      for await (const line of exportUser(databaseUrlOf(terminal), id)) {
        await terminal.print(`${line}\n`)
        lines++
      }
      if (lines === 0) throw new RefusedError(`Nothing is known of ${id}.`)
      terminal.tell(`${lines} rows. What Stripe holds is exported in its dashboard.\n`)
    })

  user
    .command('erase')
    .summary('forget a user here, in Temporal and at Stripe')
    .description(
      'Forgets a user for good. Their subscriptions must be over; Stripe’s customer is deleted with it.',
    )
    .argument('<user id>', 'the application’s own id', idOfUser)
    .option('--yes', 'it cannot be taken back')
    .addHelpText('after', '\nExample:\n  $ npx perennial user erase ada --yes')
    .action(
      answering(stage, async (id: string, { yes }: { readonly yes?: true }, _command: Command) => {
        if (yes !== true) throw new UsageError(`This erases ${id} for good: add --yes.`)
        return erase(stage, id)
      }),
    )
}

async function erase({ terminal }: Stage, id: string): Promise<Result> {
  const { commonEnvironment, containerConfig, parseEnvironment } =
    await import('../../assembly/environment.ts')
  const { eraseUser } = await import('../../sync/erase-user.ts')
  const { createStripeClient } = await import('../../adapters/stripe/sdk/client.ts')
  const { createTemporalClient } = await import('../../adapters/temporal/connection.ts')
  const config = containerConfig('user', parseEnvironment(commonEnvironment, terminal.env))
  const temporal = createTemporalClient(config.temporal)
  const stripe = createStripeClient(config.stripe)
  try {
    const databaseUrl = databaseUrlOf(terminal)
    const parts = { databaseUrl, stripe, temporal: temporal.client }
    const outcome = await eraseUser(parts, id, terminal.now())
    switch (outcome.kind) {
      case 'unknown':
        throw new RefusedError(`Nothing is known of ${id}.`)
      case 'live':
        throw new RefusedError(
          `${id} has subscriptions that go on: ${outcome.subscriptionIds.join(', ')}. Cancel them now, then repeat.`,
        )
      case 'erased': {
        const changed = Object.entries(outcome.rows).filter(([, count]) => count > 0)
        return {
          lines: [
            `Erased. What is kept for the books is kept for ${outcome.alias}.`,
            ...changed.map(([table, count]) => `  ${table}: ${count}`),
          ],
          json: { alias: outcome.alias, rows: Object.fromEntries(changed) },
        }
      }
    }
  } finally {
    await temporal.close()
  }
}

function idOfUser(text: string): string {
  if (isUserId(text)) return text
  throw new InvalidArgumentError('It is the id that the application gave.')
}
