import type { Command } from 'commander'
import { createContainer } from '../../adapters/container.ts'
import {
  commonEnvironment,
  containerConfig,
  EnvironmentError,
  parseEnvironment,
} from '../../adapters/environment.ts'
import { readApiConfig } from '../../api/config.ts'
import { readWorkerConfig } from '../../worker/config.ts'
import { answering, type Stage } from '../action.ts'
import { take, type Finding } from '../doctor/check.ts'
import { checksOf } from '../doctor/parts.ts'
import { EXIT } from '../exit.ts'
import { withProgress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'

const SIGNS = { ok: '✓', wrong: '✗', unreachable: '✗' } as const

export function addDoctor(program: Command, stage: Stage): void {
  const { terminal } = stage
  program
    .command('doctor')
    .summary('check the configuration and whether each part can be reached, and name the fix')
    .description(
      'Checks the configuration of API and worker, and whether each part can be reached with it. Ends with 1 when something is wrong, with 3 when a part cannot be reached. It changes nothing.',
    )
    .addHelpText('after', '\nExample:\n  $ npx perennial doctor')
    .action(
      answering(stage, async (_options: unknown, _command: Command) => {
        const findings = await withProgress(terminal, 'Looking at each part', () =>
          examine(terminal),
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

async function examine({ env }: Terminal): Promise<Finding[]> {
  const configuration = [
    read('configuration of the API', () => readApiConfig(env)),
    read('configuration of the worker', () => readWorkerConfig(env)),
  ]
  const common = settled(() => parseEnvironment(commonEnvironment, env))
  if (common instanceof EnvironmentError) return configuration
  const config = { ...containerConfig('doctor', common), logLevel: 'silent' }
  const container = createContainer(config)
  try {
    const checks = checksOf(container, config, env['PUBLIC_URL'])
    return [...configuration, ...(await Promise.all(checks.map(take)))]
  } finally {
    await container.close()
  }
}

function read(part: string, config: () => unknown): Finding {
  const found = settled(config)
  return found instanceof EnvironmentError
    ? { part, state: 'wrong', detail: found.message, fix: 'Set what it names: see .env.example.' }
    : { part, state: 'ok', detail: 'complete', fix: null }
}

/** What is wrong with the environment is an answer here; anything else is a bug. */
function settled<T>(parse: () => T): T | EnvironmentError {
  try {
    return parse()
  } catch (error) {
    if (error instanceof EnvironmentError) return error
    throw error
  }
}

const linesOf = ({ part, state, detail, fix }: Finding): string[] => [
  `${SIGNS[state]} ${part}: ${detail}`,
  ...(fix === null ? [] : [`  → ${fix}`]),
]
