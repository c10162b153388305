import type { Command } from 'commander'
import type { ExitCode } from './exit.ts'
import type { Terminal } from './terminal.ts'

/** What a command found: lines for people, and the same as one document for programs. */
export type Result = {
  readonly lines: readonly string[]
  readonly json: unknown
  /** Zero unless the result itself is bad news. */
  readonly exitCode?: ExitCode
}

/** Commands answer in this; how the process ends is set here by the one that ran. */
export type Outcome = { exitCode: ExitCode }

export type Stage = { readonly terminal: Terminal; readonly outcome: Outcome }

/** Has a command print its result, with `--json` as one line of JSON. */
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
