/** The parts of the process that a command uses. */
export type Terminal = {
  readonly env: NodeJS.ProcessEnv
  readonly now: () => Date
  /** Writes a part of the result, for users or programs, to standard output. */
  readonly print: (text: string) => Promise<void>
  /** Writes messages that are not part of the result to standard error. */
  readonly log: (text: string) => void
  /** The stream for progress, if it is a terminal. */
  readonly stderr: NodeJS.WriteStream
}
