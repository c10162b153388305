import type { Command } from 'commander'
import { answering, type Stage } from '../action.ts'
import { UsageError } from '../exit.ts'
import type { Terminal } from '../terminal.ts'

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
    .option('--yes', 'do not ask before it moves the clock of the stack, for everyone who uses it')
    .action(async ({ yes = false }: { yes?: boolean }) => {
      if (!yes && !(await agrees(terminal))) return
      const { liveOnce } = await import('../../dev/demo/life.ts')
      await liveOnce((line) => void terminal.print(`${line}\n`))
    })
}

/** Asks at a terminal. @throws UsageError where nobody can answer */
async function agrees({ stderr }: Terminal): Promise<boolean> {
  if (!process.stdin.isTTY || !stderr.isTTY)
    throw new UsageError(
      'The demo moves the clock of the stack, for everyone who uses it: add --yes.',
    )
  const { createInterface } = await import('node:readline/promises')
  const reader = createInterface({ input: process.stdin, output: stderr })
  const reply = await reader.question(
    'The demo moves the clock of this stack by about two months, for everyone who uses it. Continue? [y/N] ',
  )
  reader.close()
  return /^y(es)?$/i.test(reply.trim())
}
