import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { PROJECT } from '../../dev/project.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { createFaultProxy } from '../support/fault-proxy.ts'
import { newUser, subscribe, type Customer } from '../support/customer.ts'
import { askOperator } from '../support/migrations.ts'
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

describe('the catalogue of an AI product', () => {
  beforeAll(async () => {
    const catalogue = parse(readFileSync(`${PROJECT}/examples/ai-product.yaml`, 'utf8'))
    const { status, body } = await askOperator(world, 'POST', '/catalogue/apply', { catalogue })
    if (status !== 200) throw new Error(JSON.stringify(body))
  })
  const linesOf = (invoice: Stripe.Invoice | undefined) =>
    (invoice?.lines.data ?? []).flatMap(({ quantity, amount }) =>
      amount === 0 ? [] : [`${quantity} for ${amount}`],
    )
  const addonsOf = (period: string, packs: number) => [
    ...(packs > 0 ? [{ plan_id: `credit_pack_${period}`, quantity: packs }] : []),
    { plan_id: `single_sign_on_${period}`, quantity: 1 },
  ]
  const renew = async (who: Customer) => {
    const { end } = (await who.read()).period
    await world.advanceTo(new Date(Date.parse(end) + 2 * 3_600_000))
    await until('it renewed', async () => (await who.read()).period.start === end)
    return (await who.stripeInvoices())[0]
  }

  test('invoices seats, credits and add-ons to the cent, while they grow and shrink', async () => {
    const body = { quantity: 3, addons: addonsOf('monthly', 2) }
    const who = await subscribe(world, 'ai_team_monthly', { body })
    const items = ['3 for 9000', '2 for 3000', '1 for 5000']
    const [first] = await who.stripeInvoices()
    expect(linesOf(first)).toEqual(items)
    expect(first).toMatchObject({ total: 17_000, status: 'paid' })

    const included = 3 * 2_000 + 2 * 5_000
    const used = { feature: 'ai_credits', amount: included + 12_000 }
    await world.call('POST', '/usage/consume', { user: who.user, body: used })
    await world.container.reportOverage(world.clock.now())
    const second = await renew(who)
    const usage = ['10000 for 10000', '2000 for 1600']
    expect(linesOf(second)).toEqual([...usage, ...items])
    expect(second).toMatchObject({ total: 28_600, status: 'paid' })

    const grown = { quantity: 5 }
    const { body: preview } = await who.ask('POST', '/items/preview', grown)
    const { proration_date } = preview
    await who.ask('PUT', '/items', { ...grown, proration_date })
    await world.settled()
    const [growth] = await who.stripeInvoices()
    expect(growth).toMatchObject({ total: preview.amount_due.amount_minor, status: 'paid' })

    const shrunk = { quantity: 4, addons: addonsOf('monthly', 0) }
    await who.ask('PUT', '/items', shrunk)
    await world.settled()
    const third = await renew(who)
    expect(linesOf(third)).toEqual(['4 for 12000', '1 for 5000'])
    expect(third).toMatchObject({ total: 17_000, status: 'paid' })
  })

  test.each([
    { period: 'quarterly', currency: 'usd', total: 2 * 9_000 + 4_500 + 15_000 },
    { period: 'yearly', currency: 'eur', total: 2 * 28_000 + 14_000 + 46_000 },
  ])('is sold $period in $currency', async ({ period, currency, total }) => {
    const body = { quantity: 2, currency, addons: addonsOf(period, 1) }
    const who = await subscribe(world, `ai_team_${period}`, { body })
    const [invoice] = await who.stripeInvoices()
    expect(invoice).toMatchObject({ total, currency, status: 'paid' })
    expect(await who.usage('ai_credits')).toMatchObject({ quota_limit: 2 * 2_000 + 5_000 })
  })
})
