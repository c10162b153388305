/** The list of Stripe's events. */
export const EVENTS_CURSOR = 'stripe events'

/** How far a list has been read. */
export type SyncCursorRepository = {
  /**
   * Claims the cursor for one process until `until`; a new cursor starts at `at`.
   *
   * @returns its position; undefined if it is not due or another process has it.
   */
  readonly claim: (name: string, at: Date, until: Date) => Promise<Date | undefined>
  /** @returns its position; undefined if it does not exist. */
  readonly find: (name: string) => Promise<Date | undefined>
  /** Records that everything before `position` was read. It never moves back. */
  readonly advance: (name: string, position: Date) => Promise<void>
  /** Releases the claim; the cursor is due again at `dueAt`. */
  readonly release: (name: string, dueAt: Date) => Promise<void>
}
