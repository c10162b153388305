import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { subscribe } from '../support/subscriber.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const HOUR_MS = 3_600_000
const TO_ENTERPRISE = ['PUT', '/plan', { plan_id: 'plan_enterprise' }] as const

/** As when the API dies, or gives up waiting, after the workflow did what was asked and before the answer is kept. */
const loseAnswer = (key: string) =>
  world.database.pool.query(
    'update idempotency_keys set response_status = null, response_body = null where key = $1',
    [key],
  )

/** A monthly subscriber, who asks under a key of their own. */
async function subscriber() {
  const who = await subscribe(world, 'plan_pro_monthly')
  const ask = (key: string, [method, path, body]: readonly [string, string, object]) =>
    who.ask(method, path, body, { key })
  return { ...who, ask }
}

describe('whoever repeats what was done and whose answer was lost', () => {
  test.each([
    ['a change of plan', TO_ENTERPRISE],
    ['a change of the number', ['PUT', '/plan', { plan_id: 'plan_pro_monthly', quantity: 3 }]],
    ['a change at the end', ['PUT', '/plan', { plan_id: 'plan_free', when: 'period_end' }]],
    ['a pause', ['PUT', '/pause', {}]],
    ['a cancellation at the end', ['PUT', '/cancellation', { when: 'period_end' }]],
    ['an end', ['PUT', '/cancellation', { when: 'now' }]],
  ] as const)('of %s gets the answer', async (_what, asked) => {
    const { ask, bills } = await subscriber()
    const key = randomUUID()
    const first = await ask(key, asked)
    expect(first.status).toBe(200)
    const billed = (await bills()).length
    await loseAnswer(key)
    const again = await ask(key, asked)
    expect(again).toMatchObject({ status: 200, body: { status: first.body.status } })
    expect(again.body.plan).toEqual(first.body.plan)
    expect(await bills()).toHaveLength(billed)
  })

  test('gets it in the next run of the workflow, too', async () => {
    const { ask, read } = await subscriber()
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

  test('is refused what was refused', async () => {
    const { ask } = await subscriber()
    await ask(randomUUID(), TO_ENTERPRISE)
    const key = randomUUID()
    for (let attempt = 1; attempt <= 2; attempt++) {
      const refused = await ask(key, TO_ENTERPRISE)
      expect(refused).toMatchObject({ status: 409, body: { code: 'plan_unchanged' } })
      await loseAnswer(key)
    }
  })
})

test('of ten who ask at once under one key each gets the same answer', async () => {
  const { ask, bills } = await subscriber()
  const key = randomUUID()
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(key, TO_ENTERPRISE)))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect(new Set(answers.map(({ body }) => body.plan.slug))).toEqual(new Set(['plan_enterprise']))
  // The first month, and the difference.
  expect(await bills()).toHaveLength(2)
})
