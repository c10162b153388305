import type { Attributes } from '@opentelemetry/api'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import { SPAN_ATTRIBUTES } from './attributes.ts'

const EXPORTED: ReadonlySet<string> = new Set(SPAN_ATTRIBUTES)
/** Only the class of an exception: messages and stacks quote rows, addresses and requests. */
const EXPORTED_OF_EVENTS: ReadonlySet<string> = new Set(['exception.type'])

/** Exports only the attributes in `SPAN_ATTRIBUTES`. */
export const filterAttributes = (exporter: SpanExporter): SpanExporter => ({
  export: (spans, done) => exporter.export(spans.map(filtered), done),
  forceFlush: async () => exporter.forceFlush?.(),
  shutdown: () => exporter.shutdown(),
})

function filtered(span: ReadableSpan): ReadableSpan {
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(span.parentSpanContext && { parentSpanContext: span.parentSpanContext }),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    ended: span.ended,
    status: { code: span.status.code },
    attributes: only(span.attributes, EXPORTED),
    links: span.links.map(({ context }) => ({ context })),
    events: span.events.map(({ name, time, attributes = {} }) => ({
      name,
      time,
      attributes: only(attributes, EXPORTED_OF_EVENTS),
    })),
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  }
}

const only = (attributes: Attributes, allowed: ReadonlySet<string>): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => allowed.has(name)))
