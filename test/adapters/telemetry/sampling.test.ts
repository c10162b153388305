import { afterEach, describe, expect, test } from 'vitest'
import { createTelemetry } from '../../../adapters/telemetry/opentelemetry.ts'
import type { Telemetry } from '../../../adapters/telemetry/telemetry.ts'
import { startOtlpReceiver } from '../../support/otlp.ts'
import { until } from '../../support/until.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const CALLER = `00-${TRACE}-00f067aa0ba902b7`

let running: Telemetry | undefined
afterEach(() => running?.close())

function telemetryTo(endpoint: string, sampleRatio: number): Telemetry {
  running = createTelemetry({
    endpoint,
    headers: {},
    serviceName: 'test',
    environment: 'test',
    sampleRatio,
    metricIntervalMs: 60_000,
  })
  return running
}

/** The `traceparent` that a request passes on. */
const traceparentWithin = (
  telemetry: Telemetry,
  parent: string | null,
  kind: 'server' | 'internal',
) => telemetry.startSpan({ name: 'a request', kind, parent }).within(() => telemetry.traceparent())

describe('a caller', () => {
  const unreachable = 'http://127.0.0.1:1'

  test('sees its request in its own trace', () => {
    expect(traceparentWithin(telemetryTo(unreachable, 1), `${CALLER}-01`, 'server')).toMatch(
      new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`),
    )
  })

  test('can switch tracing off', () => {
    expect(traceparentWithin(telemetryTo(unreachable, 1), `${CALLER}-00`, 'server')).toMatch(/-00$/)
  })

  test('cannot switch tracing on against our sampling', () => {
    expect(traceparentWithin(telemetryTo(unreachable, 0), `${CALLER}-01`, 'server')).toMatch(/-00$/)
  })

  test('with an invalid traceparent gets a new trace', () => {
    const traceparent = traceparentWithin(
      telemetryTo(unreachable, 1),
      'nonsense, or worse',
      'server',
    )
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    expect(traceparent).not.toContain(TRACE)
  })
})

test('a trace that one of our processes started is recorded to its end', () => {
  expect(
    traceparentWithin(telemetryTo('http://127.0.0.1:1', 0), `${CALLER}-01`, 'internal'),
  ).toMatch(/-01$/)
})

test('an unreachable receiver is reported once and disturbs nothing', async () => {
  const receiver = await startOtlpReceiver()
  await receiver.close()
  const telemetry = telemetryTo(receiver.endpoint, 1)
  const messages: string[] = []
  telemetry.onError((message) => messages.push(message))
  const answer = () => telemetry.inSpan({ name: 'a step' }, () => Promise.resolve('done'))
  expect(await answer()).toBe('done')
  await until('the error is reported', async () => messages.length > 0)
  expect(await answer()).toBe('done')
  await telemetry.close()
  expect(messages).toHaveLength(1)
})
