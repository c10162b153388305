/** The definition of one metric. */
export type Metric = {
  readonly kind: 'counter' | 'histogram' | 'gauge'
  /** In UCUM, such as `s` or `{event}`. @see https://opentelemetry.io/docs/specs/semconv/general/metrics/ */
  readonly unit: string
  readonly description: string
  /** Each has a small set of values: never an id, an address, or text from a caller. */
  readonly attributes: readonly string[]
  /** The bucket bounds of a histogram. */
  readonly bounds?: readonly number[]
}

/** From an answer out of memory to a call that timed out. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** From the usual half second to an event that waited for a day. */
const LAG_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400]

/** Every metric. `docs/observability.md` explains each, and a test checks dashboards and alerts against this table. */
export const METRICS = {
  'perennial.http.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Requests to the API, until the response is sent.',
    attributes: ['http.request.method', 'http.route', 'http.response.status_code'],
    bounds: SECONDS,
  },
  'perennial.webhook.received': {
    kind: 'counter',
    unit: '{event}',
    description: 'Webhooks from Stripe, by signing secret and API version.',
    attributes: ['perennial.secret', 'perennial.api_version', 'perennial.outcome'],
  },
  'perennial.webhook.lag': {
    kind: 'histogram',
    unit: 's',
    description: 'From the receipt of a Stripe event to the commit of its effects.',
    attributes: ['perennial.queue'],
    bounds: LAG_SECONDS,
  },
  'perennial.inbox.events': {
    kind: 'gauge',
    unit: '{event}',
    description:
      'Events in the inbox by state. Parked ones need an operator; ignored ones were parked on purpose.',
    attributes: ['perennial.state'],
  },
  'perennial.inbox.age': {
    kind: 'gauge',
    unit: 's',
    description: 'Age of the oldest event that is neither done nor parked.',
    attributes: [],
  },
  'perennial.drift.open': {
    kind: 'gauge',
    unit: '{finding}',
    description: 'Differences from Stripe that are not repaired yet.',
    attributes: ['perennial.drift.kind'],
  },
  'perennial.usage.decisions': {
    kind: 'counter',
    unit: '{decision}',
    description: 'Decisions on usage.',
    attributes: ['perennial.outcome', 'perennial.reason'],
  },
  'perennial.usage.batch.size': {
    kind: 'histogram',
    unit: '{request}',
    description: 'Requests that share one SQL statement.',
    attributes: [],
    bounds: [1, 2, 5, 10, 25, 50, 100, 250],
  },
  'perennial.usage.batch.wait': {
    kind: 'histogram',
    unit: 's',
    description: 'Wait of the first request of a batch for its SQL statement.',
    attributes: [],
    bounds: SECONDS,
  },
  'perennial.letters': {
    kind: 'counter',
    unit: '{letter}',
    description: 'E-mails, by outcome.',
    attributes: ['perennial.letter.kind', 'perennial.outcome'],
  },
  'perennial.delivery.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Attempts to deliver a webhook to an application, by outcome.',
    attributes: ['perennial.outcome'],
    bounds: SECONDS,
  },
  'perennial.delivery.pending': {
    kind: 'gauge',
    unit: '{delivery}',
    description: 'Webhooks to applications that are not delivered yet.',
    attributes: [],
  },
  'perennial.delivery.age': {
    kind: 'gauge',
    unit: 's',
    description: 'Age of the oldest webhook that is not delivered yet.',
    attributes: [],
  },
  'perennial.delivery.endpoints': {
    kind: 'gauge',
    unit: '{endpoint}',
    description: 'Webhook endpoints of applications, by state.',
    attributes: ['perennial.state'],
  },
  'perennial.stripe.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Requests to Stripe, including the wait for our own rate limit.',
    attributes: ['http.request.method', 'url.template', 'perennial.outcome'],
    bounds: SECONDS,
  },
  'perennial.stripe.wait': {
    kind: 'histogram',
    unit: 's',
    description: 'Wait of requests to Stripe for our own rate limit, by class.',
    attributes: ['perennial.class', 'perennial.outcome'],
    bounds: SECONDS,
  },
  'perennial.stripe.clock_skew': {
    kind: 'gauge',
    unit: 's',
    description: 'How far this machine’s clock is ahead of Stripe’s.',
    attributes: [],
  },
  'perennial.subscription.transitions': {
    kind: 'counter',
    unit: '{transition}',
    description: 'Changes of a subscription’s status.',
    attributes: ['perennial.from', 'perennial.to'],
  },
  'perennial.event_loop.delay': {
    kind: 'gauge',
    unit: 's',
    description: 'Delay of this process’s timers since the last export.',
    attributes: ['perennial.quantile'],
  },
} as const satisfies Record<`perennial.${string}`, Metric>

/** The name of a metric in `METRICS`. */
export type MetricName = keyof typeof METRICS
/** Exactly the attributes of one metric. */
export type AttributesOf<Name extends MetricName> = Readonly<
  Record<(typeof METRICS)[Name]['attributes'][number], string | number>
>
type OfKind<Kind extends Metric['kind']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never
}[MetricName]
/** Metrics that only grow. */
export type CounterName = OfKind<'counter'>
/** Metrics of durations and sizes. */
export type HistogramName = OfKind<'histogram'>
/** Metrics of a present state. */
export type GaugeName = OfKind<'gauge'>
