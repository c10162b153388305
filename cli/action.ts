import type { Command } from 'commander'
import type { ExitCode } from './exit.ts'
import type { Terminal } from './terminal.ts'

/** A command's result: lines for users, and the same data as one JSON document for programs. */
export type Result = {
  readonly lines: readonly string[]
  readonly json: unknown
  /** Zero unless the result itself reports a problem. */
  readonly exitCode?: ExitCode
}

/** The exit code of the process. The executed command sets it. */
export type Outcome = { exitCode: ExitCode }

/** The surroundings of a command: the parts of the process, and the exit code that it may set. */
export type Stage = { readonly terminal: Terminal; readonly outcome: Outcome }

/** Prints a command's result, with `--json` as one line of JSON. */
export const answering =
  <Given extends readonly unknown[]>(
    { terminal, outcome }: Stage,
    find: (...given: Given) => Promise<Result>,
  ) =>
  async (...given: Given): Promise<void> => {
    const { lines, json, exitCode } = await find(...given)
    const wantsJson = commandOf(given)?.optsWithGlobals()['json'] === true
    const text = wantsJson ? JSON.stringify(json) : lines.join('\n')
    if (text !== '') await terminal.print(`${text}\n`)
    if (exitCode !== undefined) outcome.exitCode = exitCode
  }

/** The last argument of an action. */
function commandOf(given: readonly unknown[]): Command | undefined {
  const last = given.at(-1)
  return isCommand(last) ? last : undefined
}

const isCommand = (value: unknown): value is Command =>
  typeof value === 'object' && value !== null && 'optsWithGlobals' in value
