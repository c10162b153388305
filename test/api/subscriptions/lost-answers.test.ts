import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe } from '../../support/customer.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const HOUR_MS = 3_600_000
const TO_ENTERPRISE = ['PUT', '/plan', { plan_id: 'plan_enterprise' }] as const

/** As if the API had crashed after the command was carried out and before the response was stored. */
const loseAnswer = (key: string) =>
  world.database.pool.query(
    'update idempotency_keys set response_status = null, response_body = null where key = $1',
    [key],
  )

/** A customer with a monthly plan, whose requests have a given key. */
async function newCustomer() {
  const who = await subscribe(world, 'plan_pro_monthly')
  const ask = (key: string, [method, path, body]: readonly [string, string, object]) =>
    who.ask(method, path, body, { key })
  return { ...who, ask }
}

describe('a repeat after a lost response', () => {
  test.each([
    ['a plan change', TO_ENTERPRISE],
    ['a change of quantity', ['PUT', '/plan', { plan_id: 'plan_pro_monthly', quantity: 3 }]],
    [
      'a change at the end of the period',
      ['PUT', '/plan', { plan_id: 'plan_free', when: 'period_end' }],
    ],
    ['a pause', ['PUT', '/pause', {}]],
    ['a cancellation at the end of the period', ['PUT', '/cancellation', { when: 'period_end' }]],
    ['a cancellation now', ['PUT', '/cancellation', { when: 'now' }]],
  ] as const)('of %s returns the result', async (_what, request) => {
    const { ask, stripeInvoices } = await newCustomer()
    const key = randomUUID()
    const first = await ask(key, request)
    expect(first.status).toBe(200)
    const before = (await stripeInvoices()).length
    await loseAnswer(key)
    const again = await ask(key, request)
    expect(again).toMatchObject({ status: 200, body: { status: first.body.status } })
    expect(again.body.plan).toEqual(first.body.plan)
    expect(await stripeInvoices()).toHaveLength(before)
  })

  test('returns the result also in the next run of the workflow', async () => {
    const { ask, read } = await newCustomer()
    const { period } = await read()
    await world.advanceTo(new Date(Date.parse(period.end) - HOUR_MS))
    const key = randomUUID()
    expect(await ask(key, TO_ENTERPRISE)).toMatchObject({ status: 200 })
    await world.advanceTo(new Date(Date.parse(period.end) + 2 * HOUR_MS))
    await loseAnswer(key)
    expect(await ask(key, TO_ENTERPRISE)).toMatchObject({
      status: 200,
      body: { plan: { slug: 'plan_enterprise' } },
    })
  })

  test('is refused if the first request was refused', async () => {
    const { ask } = await newCustomer()
    await ask(randomUUID(), TO_ENTERPRISE)
    const key = randomUUID()
    for (let attempt = 1; attempt <= 2; attempt++) {
      const refused = await ask(key, TO_ENTERPRISE)
      expect(refused).toMatchObject({ status: 409, body: { code: 'plan_unchanged' } })
      await loseAnswer(key)
    }
  })
})

test('ten concurrent requests with one key get the same response', async () => {
  const { ask, stripeInvoices } = await newCustomer()
  const key = randomUUID()
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(key, TO_ENTERPRISE)))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect(new Set(answers.map(({ body }) => body.plan.slug))).toEqual(new Set(['plan_enterprise']))
  // The first month and the proration.
  expect(await stripeInvoices()).toHaveLength(2)
})
