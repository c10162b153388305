import { afterEach, describe, expect, test } from 'vitest'
import { createTelemetry } from '../../../adapters/telemetry/opentelemetry.ts'
import type { Telemetry } from '../../../adapters/telemetry/telemetry.ts'
import { startOtlpReceiver } from '../../support/otlp.ts'
import { until } from '../../support/until.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const CALLER = `00-${TRACE}-00f067aa0ba902b7`

let running: Telemetry | undefined
afterEach(() => running?.close())

function tellingTo(endpoint: string, sampleRatio: number): Telemetry {
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

/** What a request says of itself to whatever it calls. */
const within = (telemetry: Telemetry, parent: string | null, kind: 'server' | 'internal') =>
  telemetry.begin({ name: 'a request', kind, parent }).within(() => telemetry.traceparent())

describe('a caller', () => {
  const nowhere = 'http://127.0.0.1:1'

  test('finds the call in the trace that it began', () => {
    expect(within(tellingTo(nowhere, 1), `${CALLER}-01`, 'server')).toMatch(
      new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`),
    )
  })

  test('may leave a trace out', () => {
    expect(within(tellingTo(nowhere, 1), `${CALLER}-00`, 'server')).toMatch(/-00$/)
  })

  test('cannot have more traced than we want', () => {
    expect(within(tellingTo(nowhere, 0), `${CALLER}-01`, 'server')).toMatch(/-00$/)
  })

  test('that says nonsense begins a trace of ours', () => {
    const told = within(tellingTo(nowhere, 1), 'nonsense, or worse', 'server')
    expect(told).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    expect(told).not.toContain(TRACE)
  })
})

test('what one of our own processes has begun to trace is traced to its end', () => {
  expect(within(tellingTo('http://127.0.0.1:1', 0), `${CALLER}-01`, 'internal')).toMatch(/-01$/)
})

test('a receiver that is away is told of once, and nothing else happens', async () => {
  const receiver = await startOtlpReceiver()
  await receiver.close()
  const telemetry = tellingTo(receiver.endpoint, 1)
  const troubles: string[] = []
  telemetry.whenTroubled((trouble) => troubles.push(trouble))
  const answer = () => telemetry.span({ name: 'a step' }, () => Promise.resolve('done'))
  expect(await answer()).toBe('done')
  await until('the trouble is told', async () => troubles.length > 0)
  expect(await answer()).toBe('done')
  await telemetry.close()
  expect(troubles).toHaveLength(1)
})
