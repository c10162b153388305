import { wordsOf } from '../adapters/failures/error-words.ts'
import { unreachablePart } from '../adapters/failures/unreachable.ts'
import { EnvironmentError } from './environment.ts'

/** The exit codes of a failed process, as of a command: docs/cli.md. */
const EXIT = { usage: 2, unreachable: 3, broken: 4 } as const

/**
 * Explains why a process ends: a wrong environment or a part that does not answer in a sentence, anything else with its
 * stack. Call it first; an error at the start of a module reaches it as well.
 */
export function explainFailure(process: NodeJS.Process): void {
  process.once('uncaughtException', (error) => {
    const away = unreachablePart(error)
    if (error instanceof EnvironmentError) {
      console.error(error.message)
      process.exit(EXIT.usage)
    }
    if (away !== undefined) {
      console.error(`${away.part} does not answer: ${wordsOf(error)}\n${away.check}`)
      process.exit(EXIT.unreachable)
    }
    console.error(error)
    process.exit(EXIT.broken)
  })
}
