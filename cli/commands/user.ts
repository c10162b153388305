import { InvalidArgumentError, type Command } from 'commander'
import { isUserId } from '../../domain/ids.ts'
import { answering, type Result, type Stage } from '../action.ts'
import { databaseUrlOf } from '../database.ts'
import { RefusedError, UsageError } from '../exit.ts'
import { onStack } from '../on-stack.ts'

/** Adds `user export`, one line of JSON per row, and `user erase`, which needs `--yes`. */
export function addUser(program: Command, stage: Stage): void {
  const { terminal } = stage
  const user = program.command('user').summary('export or erase all data of a user')
  user
    .command('export')
    .summary('write each row of a user as a line of JSON')
    .argument('<user id>', 'the application’s own id', idOfUser)
    .addHelpText('after', '\nExample:\n  $ npx perennial user export ada > ada.jsonl')
    .action(async (id: string) => {
      const { exportUser } = await import('../../adapters/database/postgres/user-export.ts')
      let lines = 0
      const databaseUrl = databaseUrlOf(await onStack(terminal))
      for await (const line of exportUser(databaseUrl, id)) {
        await terminal.print(`${line}\n`)
        lines++
      }
      if (lines === 0) throw new RefusedError(`Nothing is known of ${id}.`)
      terminal.log(`${lines} rows. Export the data at Stripe in its dashboard.\n`)
    })

  user
    .command('erase')
    .summary('erase a user here, in Temporal and at Stripe')
    .description(
      'Erases a user for good. Their subscriptions must have ended. Stripe’s customer is deleted too.',
    )
    .argument('<user id>', 'the application’s own id', idOfUser)
    .option('--yes', 'confirm: this cannot be undone')
    .addHelpText('after', '\nExample:\n  $ npx perennial user erase ada --yes')
    .action(
      answering(stage, async (id: string, { yes }: { readonly yes?: true }, _command: Command) => {
        if (yes !== true) throw new UsageError(`This erases ${id} for good: add --yes.`)
        return erase(stage, id)
      }),
    )
}

async function erase(stage: Stage, id: string): Promise<Result> {
  const terminal = await onStack(stage.terminal)
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
          `${id} has running subscriptions: ${outcome.subscriptionIds.join(', ')}. Cancel them now, then repeat.`,
        )
      case 'erased': {
        const changed = Object.entries(outcome.rows).filter(([, count]) => count > 0)
        return {
          lines: [
            `Erased. Records that accounting needs are kept for ${outcome.alias}.`,
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
