import type { WorkflowClientInterceptor } from '@temporalio/client'
import type { InjectedSinks, TelemetryOptions, WorkerInterceptors } from '@temporalio/worker'
import type { OpenTelemetrySinks } from '@temporalio/interceptors-opentelemetry-v2'
import type { SpanAttributes } from './attributes.ts'
import type { AttributesOf, CounterName, GaugeName, HistogramName } from './metrics.ts'

/** One part of a trace, while it lasts. */
export type OpenSpan = {
  /** Runs something as its content. */
  readonly within: <T>(run: () => T) => T
  readonly rename: (name: string) => void
  readonly set: (attributes: SpanAttributes) => void
  readonly end: (outcome?: 'failed') => void
}

export type SpanGiven = {
  readonly name: string
  readonly kind?: 'server' | 'client' | 'internal'
  readonly attributes?: SpanAttributes
  /** A W3C `traceparent` of elsewhere; null begins a trace. Without it, whatever runs now is the parent. */
  readonly parent?: string | null
  /** `traceparent`s of what else it was done for. */
  readonly links?: readonly string[]
}

/**
 * What is told of the service to whoever watches it. It is handed to whatever has something to tell; undefined in its place
 * means that nobody watches, and costs a comparison.
 */
export type Telemetry = {
  readonly begin: (given: SpanGiven) => OpenSpan
  /** A span around something; it failed when that throws. */
  readonly span: <T>(given: SpanGiven, run: () => Promise<T>) => Promise<T>
  /** A span that ends now and began so long ago. Only within another: by itself it would be a trace of its own. */
  readonly past: (
    given: SpanGiven & { readonly durationMs: number; readonly outcome?: 'failed' | undefined },
  ) => void
  /** Runs something outside of any trace: it goes on for others, too. */
  readonly apart: <T>(run: () => T) => T
  /** What runs something later as a part of what runs now. */
  readonly alongside: () => <T>(run: () => T) => T
  /** The W3C `traceparent` of what runs now; null outside of any trace. */
  readonly traceparent: () => string | null
  /** By what a line of the log is found from its trace. */
  readonly logFields: () => Readonly<Record<string, string>>
  readonly count: <Name extends CounterName>(
    metric: Name,
    attributes: AttributesOf<Name>,
    howMany?: number,
  ) => void
  readonly measure: <Name extends HistogramName>(
    metric: Name,
    value: number,
    attributes: AttributesOf<Name>,
  ) => void
  /** Read whenever metrics are exported. What cannot be read is left out. */
  readonly watch: <Name extends GaugeName>(
    metric: Name,
    read: () => Promise<readonly (readonly [number, AttributesOf<Name>])[]>,
  ) => void
  /** Takes what went wrong in telling: whatever is told of must not suffer from it. */
  readonly troubled: (error: unknown) => void
  /** Calls `listener` with what went wrong, now and then. There is one listener. */
  readonly whenTroubled: (listener: (trouble: string) => void) => void
  readonly temporal: {
    readonly client: { readonly workflow: WorkflowClientInterceptor[] }
    readonly worker: {
      readonly interceptors: WorkerInterceptors
      readonly sinks: InjectedSinks<{ exporter: OpenTelemetrySinks['exporter'] }>
    }
    /** Where Temporal's own metrics go. */
    readonly metrics: NonNullable<TelemetryOptions['metrics']>
  }
  /** Exports what is left, within a few seconds, and ends. */
  readonly close: () => Promise<void>
}

/** Runs something as a span where somebody watches, and as it is where nobody does. */
export const asSpan = <T>(
  telemetry: Telemetry | undefined,
  given: SpanGiven,
  run: () => Promise<T>,
): Promise<T> => (telemetry === undefined ? run() : telemetry.span(given, run))
