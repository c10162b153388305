/** The list of Stripe's events. */
export const EVENTS_CURSOR = 'stripe events'

/** How far something that is read piece by piece has been read. */
export type SyncCursorRepository = {
  /**
   * Takes the cursor until `until`, for one process alone; undefined when it is not due, or another has it. One that was
   * never there begins at `at`.
   */
  readonly claim: (name: string, at: Date, until: Date) => Promise<Date | undefined>
  /** Undefined for one that was never there. */
  readonly find: (name: string) => Promise<Date | undefined>
  /** What lies before `position` has been read. It never goes back. */
  readonly advance: (name: string, position: Date) => Promise<void>
  /** Lets the cursor go until it is due again. */
  readonly release: (name: string, dueAt: Date) => Promise<void>
}
