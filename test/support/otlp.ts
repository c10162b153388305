import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import protobuf from 'protobufjs'

/** The part of the protocol that tests read; field numbers of opentelemetry-proto 1.x. */
const PROTOCOL = protobuf.parse(`
  syntax = "proto3";
  message Value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; }
  message Attribute { string key = 1; Value value = 2; }
  message Resource { repeated Attribute attributes = 1; }
  message Event { string name = 2; repeated Attribute attributes = 3; }
  message Link { bytes trace_id = 1; bytes span_id = 2; }
  message Status { int32 code = 3; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    fixed64 start = 7; fixed64 end = 8;
    repeated Attribute attributes = 9; repeated Event events = 11; repeated Link links = 13; Status status = 15;
  }
  message ScopeSpans { repeated Span spans = 2; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Traces { repeated ResourceSpans resource_spans = 1; }
  message Point {
    repeated Attribute attributes = 7; double as_double = 4; sfixed64 as_int = 6;
  }
  message HistogramPoint { fixed64 count = 4; double sum = 5; repeated Attribute attributes = 9; }
  message Numbers { repeated Point data_points = 1; }
  message Histogram { repeated HistogramPoint data_points = 1; }
  message Metric { string name = 1; string unit = 3; Numbers gauge = 5; Numbers sum = 7; Histogram histogram = 9; }
  message ScopeMetrics { repeated Metric metrics = 2; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
  message Metrics { repeated ResourceMetrics resource_metrics = 1; }
`).root

type Attributes = Readonly<Record<string, string | number | boolean>>

export type ReceivedSpan = {
  readonly service: string
  readonly traceId: string
  readonly spanId: string
  /** Empty for the first span of a trace. */
  readonly parentId: string
  readonly name: string
  readonly attributes: Attributes
  readonly links: readonly string[]
  readonly isFailed: boolean
  readonly startMs: number
  readonly durationMs: number
}

export type ReceivedPoint = {
  readonly service: string
  readonly metric: string
  readonly unit: string
  readonly attributes: Attributes
  /** For a histogram, the number of measurements. */
  readonly value: number
}

export type OtlpReceiver = {
  readonly endpoint: string
  readonly spans: () => readonly ReceivedSpan[]
  /** The latest first. */
  readonly points: () => readonly ReceivedPoint[]
  /** All received bytes: a string that is missing here was never exported. */
  readonly bytes: () => Buffer
  readonly headers: () => readonly NodeJS.Dict<string | string[]>[]
  readonly close: () => Promise<void>
}

/** A real OTLP/HTTP receiver, like a collector. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const bodies: Buffer[] = []
  const headers: NodeJS.Dict<string | string[]>[] = []
  const spans: ReceivedSpan[] = []
  const points: ReceivedPoint[] = []
  async function take(request: IncomingMessage) {
    const sent = await buffer(request)
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
    bodies.push(body)
    headers.push(request.headers)
    if (request.url === '/v1/traces') spans.push(...spansIn(body))
    else if (request.url === '/v1/metrics') points.unshift(...pointsIn(body))
  }
  const server = createServer((request, response) => {
    take(request).then(
      () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(),
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans: () => spans,
    points: () => points,
    bytes: () => Buffer.concat(bodies),
    headers: () => headers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const decode = (type: string, body: Buffer): any => {
  const known = PROTOCOL.lookupType(type)
  return known.toObject(known.decode(body), { longs: Number, bytes: Buffer, arrays: true })
}

const spansIn = (body: Buffer): ReceivedSpan[] =>
  decode('Traces', body).resourceSpans.flatMap((of: any) =>
    of.scopeSpans.flatMap((scope: any) =>
      scope.spans.map((span: any) => ({
        service: serviceOf(of),
        traceId: span.traceId.toString('hex'),
        spanId: span.spanId.toString('hex'),
        parentId: (span.parentSpanId ?? Buffer.alloc(0)).toString('hex'),
        name: span.name,
        attributes: attributesOf(span.attributes),
        links: span.links.map((link: any) => link.traceId.toString('hex')),
        isFailed: span.status?.code === 2,
        startMs: span.start / 1e6,
        durationMs: (span.end - span.start) / 1e6,
      })),
    ),
  )

const pointsIn = (body: Buffer): ReceivedPoint[] =>
  decode('Metrics', body).resourceMetrics.flatMap((of: any) =>
    of.scopeMetrics.flatMap((scope: any) =>
      scope.metrics.flatMap((metric: any) =>
        (metric.gauge ?? metric.sum ?? metric.histogram).dataPoints.map((point: any) => ({
          service: serviceOf(of),
          metric: metric.name,
          unit: metric.unit ?? '',
          attributes: attributesOf(point.attributes),
          value: point.count ?? point.asDouble ?? point.asInt ?? 0,
        })),
      ),
    ),
  )

const serviceOf = ({ resource }: any): string =>
  String(attributesOf(resource.attributes)['service.name'])

const attributesOf = (list: any[]): Attributes =>
  Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value ?? {})[0] as string]))
