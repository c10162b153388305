/** The exit codes of commands. docs/cli.md lists them. */
export const EXIT = {
  ok: 0,
  /** The command found a problem, or was refused. */
  wrong: 1,
  /** The arguments are invalid, or the environment is incomplete. */
  usage: 2,
  /** A dependency is unreachable. */
  unreachable: 3,
  /** Unexpected error. */
  broken: 4,
} as const

/** A number from 0 to 4; see `EXIT`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The service refused the request; the message gives the reason. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/** The arguments are invalid. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
