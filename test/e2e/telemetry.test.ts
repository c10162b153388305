import { randomUUID } from 'node:crypto'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { METRICS } from '../../adapters/telemetry/metrics.ts'
import { SPAN_ATTRIBUTES } from '../../adapters/telemetry/attributes.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { startApiProcess, type ApiProcess } from '../support/api-process.ts'
import { startApplication, type Application } from '../support/application.ts'
import { callerOf, type Call } from '../support/call.ts'
import { pay } from '../support/checkout-page.ts'
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../support/otlp.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts'
import { createWorld, type World } from '../support/world.ts'

/** Strings that no exported byte may contain. */
const SECRETS = { email: `ada.${randomUUID()}@example.com`, card: '4242424242424242' }
const HEADER = 'a-token-for-the-receiver'
const user = `somebody.${randomUUID()}@users.example`

let world: World
let receiver: OtlpReceiver
let api: ApiProcess
let worker: WorkerProcess
let call: Call
let application: Application
let subscriptionId: string
beforeAll(async () => {
  receiver = await startOtlpReceiver()
  world = await createWorld({ worker: false })
  const telemetry = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: `x-receiver-token=${HEADER}`,
    OTEL_METRIC_EXPORT_INTERVAL: '500',
  }
  const port = await anyFreePort()
  const url = `http://127.0.0.1:${port}`
  // The world's own API has no tracing, so it must not receive the webhooks.
  for (const { id } of (await world.stripe.webhookEndpoints.list()).data)
    await world.stripe.webhookEndpoints.del(id)
  const { secret } = await world.stripe.webhookEndpoints.create({
    url: `${url}/api/v1/billing/webhooks/stripe`,
    enabled_events: ['*'],
  })
  api = await startApiProcess(world.database.url, port, {
    ...world.workerEnvironment,
    DATABASE_URL: world.workerEnvironment['DATABASE_URL'] ?? '',
    ...telemetry,
    STRIPE_WEBHOOK_SECRET: secret ?? '',
  })
  worker = await startWorkerProcess(world, telemetry)
  call = callerOf(url)
  application = await startApplication(world)
  const refused = new Set<string>()
  application.receiver.behaves(({ id, body }) => {
    if (body.type !== 'subscription.activated' || refused.has(id)) return 204
    refused.add(id)
    return 500
  })

  const { body } = await call('POST', '/subscriptions/checkout', {
    user,
    body: { plan_id: 'plan_pro_monthly', email: SECRETS.email },
  })
  subscriptionId = body.subscription_id
  await pay(body.checkout_url)
  await until('it is active and confirmed', async () => {
    const { rows } = await world.database.pool.query(
      `select from subscriptions s where id = $1 and status = 'active'
       and exists (select from notices where subscription_id = s.id and state = 'sent')`,
      [subscriptionId],
    )
    return rows.length > 0
  })
  await call('POST', '/usage/consume', { user, body: { feature: 'messages_sent', amount: 1 } })
  await call('POST', '/usage/consume', { user, body: { feature: 'messages_sent', amount: 1e6 } })
  await call('GET', `/subscriptions/${subscriptionId}`, { user })
  await call('GET', `/nowhere/${user}`, { user })
})
afterAll(async () => {
  await api.kill()
  await application.close()
  await world.close()
  await receiver.close()
})

/** The spans of the trace whose first span has this name, once the expected ones have arrived. */
async function traceOf(first: string, ...awaited: RegExp[]): Promise<readonly ReceivedSpan[]> {
  const find = () =>
    receiver
      .spans()
      .filter(({ name, parentId }) => name === first && parentId === '')
      .map(({ traceId }) => receiver.spans().filter((span) => span.traceId === traceId))
      .find((trace) => awaited.every((name) => trace.some((span) => name.test(span.name))))
  await until(`a trace of ${first} has ${awaited.join(', ')}`, async () => find() !== undefined)
  return find() ?? []
}

/** The path from a span to the first of its trace. */
function wayUp(trace: readonly ReceivedSpan[], from: RegExp): string[] {
  const way: string[] = []
  for (
    let span = trace.find(({ name }) => from.test(name));
    span !== undefined;
    span = trace.find(({ spanId }) => spanId === span?.parentId)
  )
    way.push(`${span.service} ${span.name}`)
  return way.toReversed()
}

/** The expected spans of a path: processes export theirs at different times and in any order. */
const spansOf = (way: readonly string[]) =>
  way.slice(1).map((line) => new RegExp(`^${line.split(' ')[1]}`))

const CHECKOUT = 'POST /api/v1/billing/subscriptions/checkout'
const WEBHOOK = 'POST /api/v1/billing/webhooks/stripe'

describe('a trace', () => {
  test('leads from a checkout through update and activity to Stripe and SQL', async () => {
    const toActivity = [
      `perennial-api ${CHECKOUT}`,
      'perennial-api UpdateWithStartWorkflow:checkout',
      'perennial-worker HandleUpdate:checkout',
      'perennial-worker StartActivity:openCheckout',
      'perennial-worker RunActivity:openCheckout',
    ]
    const trace = await traceOf(CHECKOUT, ...spansOf(toActivity), /^Stripe POST .*sessions/)
    expect(wayUp(trace, /^Stripe POST .*sessions/)).toEqual([
      ...toActivity,
      'perennial-worker Stripe POST /v1/checkout/sessions',
    ])
    expect(wayUp(trace, /^save_subscription/)).toEqual([
      ...toActivity,
      'perennial-worker save_subscription',
    ])
  })

  test('leads from a webhook through inbox, signal and activity to Stripe, SQL and mail', async () => {
    const toActivity = [
      `perennial-api ${WEBHOOK}`,
      'perennial-api inbox facts',
      'perennial-api SignalWorkflow:fact',
      'perennial-worker HandleSignal:fact',
      'perennial-worker StartActivity:observe',
      'perennial-worker RunActivity:observe',
    ]
    const trace = await traceOf(WEBHOOK, ...spansOf(toActivity), /^SMTP /, /^save_subscription/)
    for (const [from, last] of [
      [/^SMTP /, 'SMTP subscription_confirmed'],
      [/^save_subscription/, 'save_subscription'],
      [/^Stripe GET .*subscriptions/, 'Stripe GET /v1/subscriptions/{id}'],
    ] as const)
      expect(wayUp(trace, from)).toEqual([...toActivity, `perennial-worker ${last}`])
    // Webhooks that arrive together share a statement, which appears in the trace of the first.
    const kept = receiver.spans().find(({ name }) => name === 'record_stripe_events')
    const whole = receiver.spans().filter(({ traceId }) => traceId === kept?.traceId)
    expect(wayUp(whole, /^record_stripe_events/)).toEqual([
      `perennial-api ${WEBHOOK}`,
      'perennial-api record_stripe_events',
    ])
  })

  test('continues to the application, with each attempt to send the webhook, including the failed one', async () => {
    const trace = await traceOf(WEBHOOK, /^RunActivity:observe/, /^webhook subscription\.activated/)
    const attempts = () =>
      receiver.spans().filter(({ name, traceId }) => {
        return name === 'webhook subscription.activated' && traceId === trace[0]?.traceId
      })
    await until('the webhook was sent in the end', async () => attempts().length === 2)
    expect(wayUp(trace, /^webhook subscription/).slice(-2)).toEqual([
      'perennial-worker RunActivity:observe',
      'perennial-worker webhook subscription.activated',
    ])
    const received = attempts().map(({ attributes, isFailed }) => [
      attributes['perennial.attempt'],
      attributes['perennial.outcome'],
      attributes['http.response.status_code'],
      isFailed,
    ])
    expect(received).toHaveLength(2)
    expect(received).toContainEqual([1, 'failed', 500, true])
    expect(received).toContainEqual([2, 'delivered', 204, false])
  })

  test('of usage has its statement', async () => {
    const trace = await traceOf('POST /api/v1/billing/usage/consume', /^consume_usage/)
    expect(wayUp(trace, /^consume_usage/)).toEqual([
      'perennial-api POST /api/v1/billing/usage/consume',
      'perennial-api usage batch',
      'perennial-api consume_usage_plainly',
    ])
  })

  test('of a route has its template, and of none no path', async () => {
    expect(await traceOf('GET /api/v1/billing/subscriptions/:id')).not.toEqual([])
    expect(await traceOf('GET none')).not.toEqual([])
  })
})

test('metrics arrive, each by the name, unit and attributes of the table', async () => {
  const names = () => new Set(receiver.points().map(({ metric }) => metric))
  await until('every metric arrives', async () =>
    Object.keys(METRICS).every((name) => names().has(name)),
  )
  for (const point of receiver.points().filter(({ metric }) => metric.startsWith('perennial.'))) {
    const known = METRICS[point.metric as keyof typeof METRICS]
    expect(point.unit).toBe(known.unit)
    expect(Object.keys(point.attributes).toSorted()).toEqual([...known.attributes].toSorted())
  }
  const latest = (metric: string, attributes: object) =>
    receiver
      .points()
      .find(
        (point) =>
          point.metric === metric &&
          Object.entries(attributes).every(([name, value]) => point.attributes[name] === value),
      )?.value
  await until('the decisions were reported', async () => {
    const decisions = ['allowed', 'refused'].map((outcome) =>
      latest('perennial.usage.decisions', { 'perennial.outcome': outcome }),
    )
    return decisions.every((count) => count === 1)
  })
  const activation = { 'perennial.from': 'incomplete', 'perennial.to': 'active' }
  expect(latest('perennial.subscription.transitions', activation)).toBe(1)
  const webhook = { 'perennial.secret': '1', 'perennial.api_version': 'ours' }
  const kept = { ...webhook, 'perennial.outcome': 'kept' }
  expect(latest('perennial.webhook.received', kept)).toBeGreaterThan(0)
  expect(Math.abs(latest('perennial.stripe.clock_skew', {}) ?? NaN)).toBeLessThan(5)
  expect(latest('perennial.webhook.lag', { 'perennial.queue': 'facts' })).toBeGreaterThan(0)
  expect(latest('perennial.delivery.duration', { 'perennial.outcome': 'failed' })).toBe(1)
  expect(latest('perennial.delivery.endpoints', { 'perennial.state': 'enabled' })).toBe(1)
})

test('Temporal’s own metrics arrive beside ours', async () => {
  const awaited = ['temporal_num_pollers', 'temporal_activity_execution_latency']
  const missing = () =>
    awaited.filter((name) => !receiver.points().some(({ metric }) => metric === name))
  await until('Temporal reports its own metrics', async () => missing().length === 0)
  expect(missing()).toEqual([])
})

test('a line of the log names its trace', async () => {
  const { status } = await call('POST', '/webhooks/stripe', { body: {} })
  expect(status).toBe(400)
  const line = () =>
    api
      .log()
      .split('\n')
      .find((each) => each.includes('a webhook was refused'))
  await until('it is logged', async () => line() !== undefined)
  const { trace_id, span_id } = JSON.parse(line()!)
  await until('its trace arrives', async () =>
    receiver.spans().some((span) => span.traceId === trace_id && span.spanId === span_id),
  )
})

test('nothing that leaves a process names a person or holds a secret', async () => {
  const everything = receiver.bytes()
  const secrets = [
    ...Object.values(SECRETS),
    user,
    'sk_test',
    'whsec_',
    'bk_dev',
    world.database.url,
    HEADER,
  ]
  expect(everything.includes(subscriptionId)).toBe(true)
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([])
  const known: ReadonlySet<string> = new Set(SPAN_ATTRIBUTES)
  const names = receiver.spans().flatMap(({ attributes }) => Object.keys(attributes))
  expect([...new Set(names)].filter((name) => !known.has(name))).toEqual([])
  expect(receiver.headers().every((sent) => sent['x-receiver-token'] === HEADER)).toBe(true)
})

test('no metric knows a user, a subscription or any other id', () => {
  const values = receiver
    .points()
    .filter(({ metric }) => metric.startsWith('perennial.'))
    .flatMap(({ attributes }) => Object.values(attributes).map(String))
  expect(values.filter((value) => /[0-9a-f]{8}-|@|_[0-9A-Za-z]{14}/.test(value))).toEqual([])
})

test('a life that was traced replays with either bundle', async () => {
  const { workflow } = world.container.temporal.client
  const handle = workflow.getHandle(`subscription/${subscriptionId}`)
  const history = await handle.fetchHistory()
  const sinks = { exporter: { export: { fn: () => undefined } } }
  for (const bundle of ['workflowBundle', 'tracedBundle'] as const)
    await expect(
      Worker.runReplayHistory({ workflowBundle: { codePath: inject(bundle) }, sinks }, history),
    ).resolves.toBeUndefined()
})

test('a worker that is asked to stop sends what is left, and ends', async () => {
  const before = receiver.headers().length
  expect(await worker.stop()).toBe(0)
  expect(receiver.headers().length).toBeGreaterThan(before)
})
