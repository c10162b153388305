import type { Command } from 'commander'
import { answering, type Stage } from '../action.ts'
import { UsageError } from '../exit.ts'

/** The embedded stack and the commands that control it. */
export function addStack(program: Command, stage: Stage): void {
  const { terminal } = stage
  program
    .command('start')
    .summary('start Postgres, Temporal, a Stripe simulator, a mail inbox, worker and API')
    .description('Starts everything on this machine, for development; Ctrl-C stops it.')
    .addHelpText('after', '\nExample:\n  $ npx perennial start')
    .action(async () => {
      await import('../../dev/main.ts')
    })

  program
    .command('advance')
    .summary('fast-forward the local stack')
    .argument('<distance...>', 'such as `1 month`, `3 hours`, `10 days`, `2 weeks` or `1 year`')
    .addHelpText('after', '\nExample:\n  $ npx perennial advance 1 month')
    .action(
      answering(stage, async (words: string[], _options: unknown, _command: Command) => {
        const { advance, distanceFrom } = await import('../../dev/advance.ts')
        const distance = distanceFrom(words)
        if (distance === undefined)
          throw new UsageError(
            'Say how far: perennial advance 1 month (or 3 hours, 10 days, 2 weeks, 1 year)',
          )
        const { from, to } = await advance(distance, (line) => terminal.log(`  ${line}\n`))
        return {
          lines: [`It was ${from.toISOString()}, it is ${to.toISOString()}.`],
          json: { from: from.toISOString(), to: to.toISOString() },
        }
      }),
    )

  program
    .command('demo')
    .summary('run a full subscription lifecycle on the local stack')
    .addHelpText('after', '\nExample:\n  $ npx perennial demo')
    .action(async () => {
      const { liveOnce } = await import('../../dev/demo/life.ts')
      await liveOnce((line) => void terminal.print(`${line}\n`))
    })
}
