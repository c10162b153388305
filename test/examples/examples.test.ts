import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROJECT } from '../../dev/project.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { createFaultProxy } from '../support/fault-proxy.ts'
import { newUser } from '../support/customer.ts'
import { until } from '../support/until.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const python = spawnSync('python3', ['--version']).status === 0
if (!python) console.warn('python3 is missing: the example in Python is not run.')

async function run(command: string, ...args: string[]) {
  const env = { ...process.env, PERENNIAL_URL: world.url, PERENNIAL_API_KEY: 'bk_dev_app' }
  const { stdout } = await promisify(execFile)(command, args, { cwd: PROJECT, env })
  return stdout.trim().split('\n')
}

const usedBy = async (user: string) => {
  const { body } = await world.call('GET', '/usage', { user })
  return body.features.find(({ code }: { code: string }) => code === 'messages_sent').used_amount
}

test('the example in curl subscribes, uses its whole quota, and is refused one more', async () => {
  const user = newUser()
  const answers = (await run('sh', 'examples/usage.sh', user)).map((line) => JSON.parse(line))
  expect(answers).toMatchObject([
    { status: 'active' },
    { outcome: 'allowed', used_amount: 0 },
    { outcome: 'allowed', used_amount: 100 },
    { outcome: 'allowed', used_amount: 100 },
    { outcome: 'refused', reason: 'quota_exceeded' },
    { plan: 'plan_free' },
  ])
  expect(await usedBy(user)).toBe(100)
})

test.skipIf(!python)(
  'the example in Python does the same from the OpenAPI document alone',
  async () => {
    const user = newUser()
    expect(await run('python3', 'examples/usage.py', user)).toEqual([
      'subscription active',
      'consume allowed 100',
      'consume allowed 100',
      'one more refused quota_exceeded',
      'problem 404 subscription_not_found',
    ])
    expect(await usedBy(user)).toBe(100)
  },
)

test('the example in TypeScript meters its requests, stops at the limit, and continues without the service', async () => {
  const wire = await createFaultProxy(world.url)
  const port = await anyFreePort()
  const service = spawn(process.execPath, ['--import', 'tsx', 'examples/metering/main.ts'], {
    cwd: PROJECT,
    env: { ...process.env, PERENNIAL_URL: wire.url, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: string[] = []
  service.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  await until('it listens', async () => said.join('').includes('listening'))
  const user = newUser()
  const post = (path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: { 'x-user': user } })
  expect((await post('/subscribe')).status).toBe(200)
  const first = await post('/messages')
  expect([first.status, first.headers.get('x-quota-remaining')]).toEqual([200, '99'])

  wire.always(() => 'cut before')
  expect((await post('/messages')).status).toBe(200)
  expect(await usedBy(user)).toBe(1)
  wire.always(() => undefined)
  await until('served requests are counted', async () => (await usedBy(user)) === 2)

  await world.call('POST', '/usage/consume', {
    user,
    body: { feature: 'messages_sent', amount: 98 },
  })
  // The client calls the service again within a second of its return.
  await until('it is refused', async () => (await post('/messages')).status === 402)
  expect(await usedBy(user)).toBe(100)
  service.kill('SIGTERM')
  await once(service, 'exit')
  await wire.close()
})
