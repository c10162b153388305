/** What a command has of the process that it runs in. */
export type Terminal = {
  readonly env: NodeJS.ProcessEnv
  readonly now: () => Date
  /** Writes a part of the result, for people or for programs: standard output. */
  readonly print: (text: string) => Promise<void>
  /** Says what is no part of the result: standard error. */
  readonly tell: (text: string) => void
  /** Where progress is drawn, if it is a terminal. */
  readonly stderr: NodeJS.WriteStream
}
