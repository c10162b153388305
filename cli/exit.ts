/** How a command ends. docs/cli.md lists them. */
export const EXIT = {
  ok: 0,
  /** It looked and found something wrong, or was refused. */
  wrong: 1,
  /** It was called wrongly, or its environment misses something. */
  usage: 2,
  /** A part that it needs cannot be reached. */
  unreachable: 3,
  /** It broke. */
  broken: 4,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What was asked cannot be done, for a reason that its words say. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/** The command was called wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
