/** Runs a step as part of what asked for it: a trace leads from the message to whatever the step does. */
export type Thread = <T>(step: () => Promise<T>) => Promise<T>

const NONE: Thread = (step) => step()
let take: () => Thread = () => NONE

/**
 * The thread of the message that is being handled. Handlers only queue, and the main loop takes a step up later: what is
 * queued keeps its thread. Where nobody traces there is none, and a step runs as it is.
 */
export const presentThread = (): Thread => take()

/** Called by `tracing.ts` alone, in bundles that trace. */
export function threadsAre(present: () => Thread): void {
  take = present
}
