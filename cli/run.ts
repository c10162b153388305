import { Command, CommanderError } from 'commander'
import type { Stage } from './action.ts'
import { addAudit } from './commands/audit.ts'
import { addCatalogue } from './commands/catalogue.ts'
import { addDoctor } from './commands/doctor.ts'
import { addExplain } from './commands/explain.ts'
import { addKeys } from './commands/keys.ts'
import { addMigrate } from './commands/migrate.ts'
import { addProcesses } from './commands/processes.ts'
import { addRedecide } from './commands/redecide.ts'
import { addReconcile, addRecover } from './commands/reconcile.ts'
import { addReplay } from './commands/replay.ts'
import { addStack } from './commands/stack.ts'
import { addUser } from './commands/user.ts'
import { addVersion } from './commands/version.ts'
import { EXIT, type ExitCode } from './exit.ts'
import type { Terminal } from './terminal.ts'

/** In the order of `perennial --help`. */
const AREAS = [
  addStack,
  addProcesses,
  addMigrate,
  addDoctor,
  addCatalogue,
  addKeys,
  addReconcile,
  addRecover,
  addReplay,
  addExplain,
  addRedecide,
  addAudit,
  addUser,
  addVersion,
]

/** Runs one command of `perennial` and returns the exit code. Never throws. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const stage: Stage = { terminal, outcome: { exitCode: EXIT.ok } }
  const program = createProgram(stage)
  try {
    await program.parseAsync(args, { from: 'user' })
    return stage.outcome.exitCode
  } catch (error) {
    // Commander has printed the error; requested help is not an error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    // Loaded late, like the dependencies of commands: `start` already loads a lot.
    const { exitCodeOf, wordsOf } = await import('./failure.ts')
    const exitCode = exitCodeOf(error)
    terminal.log(`${wordsOf(error)}\n`)
    const isVerbose = args.includes('--verbose')
    if (isVerbose && error instanceof Error) terminal.log(`\n${error.stack ?? ''}\n`)
    else if (exitCode === EXIT.broken) terminal.log('`--verbose` shows where.\n')
    return exitCode
  }
}

function createProgram(stage: Stage): Command {
  const { terminal } = stage
  const program = new Command('perennial')
    .description('Durable subscription billing.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.print(text),
      writeErr: terminal.log,
      outputError: (text, write) => write(text.replace(/^error: /, '')),
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('`--help` after a command shows what it takes.')
    .option('--json', 'print the result as one line of JSON')
    .option('--verbose', 'show where an error came from')
    .addHelpText('after', ENDS)
  for (const add of AREAS) add(program, stage)
  return program
}

const ENDS = `
Ends with 0 when all is well, 1 when it found a problem or was refused, 2 when the arguments are wrong,
3 when a part cannot be reached, and 4 after an unexpected error.`
