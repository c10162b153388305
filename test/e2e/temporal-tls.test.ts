import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { anyFreePort } from '../../dev/ports.ts'
import { startApiProcess } from '../support/api-process.ts'
import { callerOf } from '../support/call.ts'
import {
  createCertificates,
  startTlsFront,
  type Certificates,
  type TlsFront,
} from '../support/tls-front.ts'
import { until } from '../support/until.ts'
import { startWorkerProcess } from '../support/worker-process.ts'
import { createWorld, type World } from '../support/world.ts'

let certificates: Certificates
let strangers: Certificates
let front: TlsFront
let world: World
beforeAll(async () => {
  ;[certificates, strangers] = await Promise.all([createCertificates(), createCertificates()])
  front = await startTlsFront(Number(inject('temporalAddress').split(':')[1]), certificates)
  world = await createWorld({ worker: false })
})
afterAll(async () => {
  await world.close()
  await front.close()
})

/** The environment of a process whose cluster requires a client certificate. */
const entrance = (given: { authority?: Certificates; client?: Certificates | null } = {}) => {
  const { authority = certificates, client = certificates } = given
  return {
    TEMPORAL_ADDRESS: `localhost:${front.port}`,
    TEMPORAL_TLS_SERVER_CA_CERT_DATA: authority.authority.cert,
    ...(client && {
      TEMPORAL_TLS_CLIENT_CERT_DATA: client.client.cert,
      TEMPORAL_TLS_CLIENT_KEY_DATA: client.client.key,
    }),
  }
}

test('an API and a worker work with a cluster that lets in certificates of its authority alone', async () => {
  const before = front.connections()
  const port = await anyFreePort()
  const [api, worker] = await Promise.all([
    startApiProcess(world.database.url, port, {
      ...world.workerEnvironment,
      ...entrance(),
      PERENNIAL_ENV: 'test',
    }),
    startWorkerProcess(world, entrance()),
  ])
  const call = callerOf(`http://127.0.0.1:${port}`)
  const { status, body } = await call('POST', '/subscriptions/checkout', {
    user: 'ada',
    body: { plan_id: 'plan_free' },
  })
  expect({ status, is: body.status }).toEqual({ status: 201, is: 'active' })
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
  expect(front.connections()).toBeGreaterThanOrEqual(before + 2)
  await api.kill()
  expect(await worker.stop()).toBe(0)
})

describe('a refused caller gets the name of the variable to fix', () => {
  const plain = () => ({
    TEMPORAL_TLS_SERVER_CA_CERT_DATA: '',
    TEMPORAL_TLS_CLIENT_CERT_DATA: '',
    TEMPORAL_TLS_CLIENT_KEY_DATA: '',
  })
  const wrong: [string, () => Record<string, string>, string][] = [
    [
      'an authority that did not make the server’s certificate',
      () => entrance({ authority: strangers }),
      'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
    ],
    [
      'a certificate of another authority’s',
      () => entrance({ client: strangers }),
      'TEMPORAL_TLS_CLIENT_CERT_PATH',
    ],
    ['no certificate', () => entrance({ client: null }), 'TEMPORAL_TLS_CLIENT_CERT_PATH'],
    [
      'another name',
      () => ({ ...entrance(), TEMPORAL_TLS_SERVER_NAME: 'elsewhere.example' }),
      'TEMPORAL_TLS_SERVER_NAME',
    ],
    ['no TLS', () => ({ ...entrance(), ...plain() }), 'TEMPORAL_TLS is not on'],
    [
      'TLS to a server that has none',
      () => ({ ...entrance(), TEMPORAL_ADDRESS: inject('temporalAddress') }),
      'TEMPORAL_TLS=false',
    ],
  ]
  test.each(wrong)('a worker with %s ends', async (_, environment, variable) => {
    const { code, output } = await failedWorker(environment())
    expect(code).not.toBe(0)
    expect(output).toContain(variable)
    expect(output).not.toContain('PRIVATE KEY')
  })

  test('an API keeps storing webhooks, and reports the problem in its log and at /readyz', async () => {
    const port = await anyFreePort()
    const api = await startApiProcess(world.database.url, port, {
      ...world.workerEnvironment,
      ...entrance({ authority: strangers }),
    })
    await until('it has said so', async () =>
      api.log().includes('TEMPORAL_TLS_SERVER_CA_CERT_PATH'),
    )
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`)
    expect(await ready.json()).toMatchObject({
      parts: { postgres: 'ready', temporal: 'not_ready' },
    })
    expect(api.log()).not.toContain('PRIVATE KEY')
    await api.kill()
  })
})

/** The exit code and the output of a worker that does not start. */
async function failedWorker(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    cwd: new URL('../../', import.meta.url),
    env: { ...process.env, ...world.workerEnvironment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(child, 'close')
  return { code: child.exitCode, output: Buffer.concat(chunks).toString() }
}
