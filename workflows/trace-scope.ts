/** Runs a step within the trace of the message that caused it. */
export type TraceScope = <T>(step: () => Promise<T>) => Promise<T>

/** Runs a step outside any trace. */
export const NO_TRACE: TraceScope = (step) => step()

let present: () => TraceScope = () => NO_TRACE

/**
 * The trace of the message that is being handled. Handlers only queue and the main loop runs the step later, so a queued
 * message keeps its trace. Without tracing a step runs as it is.
 */
export const presentTrace = (): TraceScope => present()

/** Called by `tracing.ts` alone, in bundles that trace. */
export function traceWith(source: () => TraceScope): void {
  present = source
}
