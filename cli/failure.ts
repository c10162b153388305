import { wordsOf as messageOf } from '../adapters/failures/error-words.ts'
import { unreachablePart } from '../adapters/failures/unreachable.ts'
import { EnvironmentError } from '../assembly/environment.ts'
import { NoStackError } from '../dev/stack-file.ts'
import { EXIT, RefusedError, UsageError, type ExitCode } from './exit.ts'

/** The exit code for an error. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof RefusedError) return EXIT.wrong
  if (error instanceof UsageError || error instanceof EnvironmentError) return EXIT.usage
  const isUnreachable = error instanceof NoStackError || unreachablePart(error) !== undefined
  return isUnreachable ? EXIT.unreachable : EXIT.broken
}

/** Describes an error, and for a part that does not answer, what to check. */
export function wordsOf(error: unknown): string {
  const away = unreachablePart(error)
  if (away === undefined) return messageOf(error)
  return `${away.part} does not answer: ${messageOf(error)}\n${away.check} \`perennial doctor\` checks each part.`
}
