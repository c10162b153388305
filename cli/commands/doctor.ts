import type { Command } from 'commander'
import { answering, type Stage } from '../action.ts'
import type { Finding } from '../doctor/check.ts'
import { EXIT } from '../exit.ts'
import { withProgress } from '../progress.ts'

const SIGNS = { ok: '✓', wrong: '✗', unreachable: '✗' } as const

/**
 * Adds `doctor`, which checks the configuration and each part. It ends with 1 if one is wrong, 3 if one is unreachable.
 */
export function addDoctor(program: Command, stage: Stage): void {
  const { terminal } = stage
  program
    .command('doctor')
    .summary('check the configuration and reach each part, and name the fix')
    .description(
      'Checks the configuration of API and worker, and whether each part can be reached with it. Ends with 1 when something is wrong, with 3 when a part cannot be reached. It changes nothing.',
    )
    .addHelpText('after', '\nExample:\n  $ npx perennial doctor')
    .action(
      answering(stage, async (_options: unknown, _command: Command) => {
        const { examine } = await import('../doctor/examine.ts')
        const findings = await withProgress(terminal, 'Checking each part', () =>
          examine(terminal.env),
        )
        const isAway = findings.some(({ state }) => state === 'unreachable')
        const isWrong = findings.some(({ state }) => state === 'wrong')
        return {
          lines: findings.flatMap(linesOf),
          json: { findings },
          exitCode: isAway ? EXIT.unreachable : isWrong ? EXIT.wrong : EXIT.ok,
        }
      }),
    )
}

const linesOf = ({ part, state, detail, fix }: Finding): string[] => [
  `${SIGNS[state]} ${part}: ${detail}`,
  ...(fix === null ? [] : [`  → ${fix}`]),
]
