export type Metric = {
  readonly kind: 'counter' | 'histogram' | 'gauge'
  /** UCUM, as OpenTelemetry has it: `s`, `{event}`. */
  readonly unit: string
  readonly description: string
  /** All of a small set of words: never an id, an address, or whatever a caller may choose. */
  readonly attributes: readonly string[]
  /** Bounds of a histogram. */
  readonly bounds?: readonly number[]
}

/** From a count that came from memory to a call that was given up. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** From the usual half a second to an event that waited for days. */
const LAG_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400]

/** All that is measured; `docs/observability.md` explains each, and dashboards and alerts are held to it. */
export const METRICS = {
  'perennial.http.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Requests to the API, until the answer was sent.',
    attributes: ['http.request.method', 'http.route', 'http.response.status_code'],
    bounds: SECONDS,
  },
  'perennial.webhook.received': {
    kind: 'counter',
    unit: '{event}',
    description:
      'Webhooks of Stripe’s, by the signing secret that they fit and the API version that they have.',
    attributes: ['perennial.secret', 'perennial.api_version', 'perennial.outcome'],
  },
  'perennial.webhook.lag': {
    kind: 'histogram',
    unit: 's',
    description: 'From the receipt of an event of Stripe’s to the commit of what it led to.',
    attributes: ['perennial.lane'],
    bounds: LAG_SECONDS,
  },
  'perennial.inbox.events': {
    kind: 'gauge',
    unit: '{event}',
    description: 'Events in the inbox by state.',
    attributes: ['perennial.state'],
  },
  'perennial.inbox.age': {
    kind: 'gauge',
    unit: 's',
    description: 'How long the oldest event waits that is neither done nor parked.',
    attributes: [],
  },
  'perennial.drift.open': {
    kind: 'gauge',
    unit: '{finding}',
    description: 'What differs from Stripe and was not mended yet.',
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
    description: 'Requests that shared one statement.',
    attributes: [],
    bounds: [1, 2, 5, 10, 25, 50, 100, 250],
  },
  'perennial.usage.batch.wait': {
    kind: 'histogram',
    unit: 's',
    description: 'How long the first request of a batch waited for its statement.',
    attributes: [],
    bounds: SECONDS,
  },
  'perennial.notices': {
    kind: 'counter',
    unit: '{notice}',
    description: 'E-mails, by what became of them.',
    attributes: ['perennial.notice.kind', 'perennial.outcome'],
  },
  'perennial.delivery.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Attempts to tell an application, by what became of them.',
    attributes: ['perennial.outcome'],
    bounds: SECONDS,
  },
  'perennial.delivery.pending': {
    kind: 'gauge',
    unit: '{delivery}',
    description: 'What applications were not told yet.',
    attributes: [],
  },
  'perennial.delivery.age': {
    kind: 'gauge',
    unit: 's',
    description: 'How long the oldest of it waits.',
    attributes: [],
  },
  'perennial.delivery.endpoints': {
    kind: 'gauge',
    unit: '{endpoint}',
    description: 'Endpoints of applications by state.',
    attributes: ['perennial.state'],
  },
  'perennial.stripe.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Requests to Stripe, with their wait for the pace that it allows.',
    attributes: ['http.request.method', 'url.template', 'perennial.outcome'],
    bounds: SECONDS,
  },
  'perennial.stripe.clock_skew': {
    kind: 'gauge',
    unit: 's',
    description: 'By how much the clock of this process is ahead of Stripe’s.',
    attributes: [],
  },
  'perennial.subscription.transitions': {
    kind: 'counter',
    unit: '{transition}',
    description: 'Subscriptions that went from one status to another.',
    attributes: ['perennial.from', 'perennial.to'],
  },
  'perennial.event_loop.delay': {
    kind: 'gauge',
    unit: 's',
    description: 'By how much timers of this process came late since the last export.',
    attributes: ['perennial.quantile'],
  },
} as const satisfies Record<`perennial.${string}`, Metric>

export type MetricName = keyof typeof METRICS
/** A metric's attributes: each of them, and no other. */
export type AttributesOf<Name extends MetricName> = Readonly<
  Record<(typeof METRICS)[Name]['attributes'][number], string | number>
>
type OfKind<Kind extends Metric['kind']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never
}[MetricName]
export type CounterName = OfKind<'counter'>
export type HistogramName = OfKind<'histogram'>
export type GaugeName = OfKind<'gauge'>
