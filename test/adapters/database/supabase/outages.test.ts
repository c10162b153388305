import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isDatabaseUnavailable } from '../../../../adapters/failures/database.ts'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import { createSupabaseRepositories } from '../../../../adapters/database/supabase/repositories.ts'
import type { Repositories } from '../../../../domain/repositories.ts'
import { createCutOff } from '../../../support/cut-off.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { startTestSupabase, type TestSupabase } from '../../../support/postgrest.ts'
import { aWrite, storeActive } from '../../../support/rows.ts'
import { aStripeEvent } from '../../../support/stripe-event.ts'
import { until } from '../../../support/until.ts'

const AT = new Date('2026-01-31T10:00:00.000Z')
/** Long enough for PostgREST on a busy machine, short enough to wait for. */
const ANSWER_TIMEOUT_MS = 2_000

let database: TestDatabase
let project: TestSupabase
let repositories: Repositories
beforeAll(async () => {
  database = await createDatabase({ kind: 'supabase' })
  project = database.supabase!
  repositories = createSupabaseRepositories({ ...project, answerTimeoutMs: ANSWER_TIMEOUT_MS })
})
afterAll(async () => {
  await repositories.close()
  await database.close()
})

const outage = (reply: Promise<unknown>) =>
  reply.then(
    (answer) => ({ answer }),
    (error: unknown) => (isDatabaseUnavailable(error) ? 'an outage' : error),
  )
const isConsume = (path: string) => path.startsWith('/rpc/consume_usage')
const request = (userId: string, key: string) => ({
  userId,
  feature: 'messages_sent',
  key,
  amount: 10,
})

describe('a lost reply', () => {
  test.each(['after', 'hang', 'before'] as const)(
    'to usage (%s it was counted) is an outage, and its repeat is counted once',
    async (when) => {
      const { userId } = await storeActive(database.repositories, { at: AT })
      // The first event of a window never takes the short path, so the disturbed operation is the one for the second event.
      await repositories.usage.consume([request(userId, 'first')], AT)
      const consume = () => repositories.usage.consume([request(userId, 'once')], AT)
      project.mishap({ when, isMeant: isConsume })
      expect(await outage(consume())).toBe('an outage')
      const [outcome] = await consume()
      expect(outcome).toMatchObject({
        kind: 'allowed',
        repeated: when === 'after',
        counter: { usedAmount: 20 },
      })
      expect(await audit(database.url)).toEqual([])
    },
  )

  test('to a workflow’s step is an outage, and the repeat finds it written', async () => {
    const before = await storeActive(database.repositories, { at: AT })
    const write = aWrite(before, { after: { ...before, quantity: 3 } })
    project.mishap({ when: 'after', isMeant: (path) => path.startsWith('/rpc/save_subscription') })
    expect(await outage(repositories.subscriptions.save(write))).toBe('an outage')
    expect(await repositories.subscriptions.save(write)).toBe('superseded')
    expect(await repositories.subscriptions.find(before.id)).toMatchObject({
      quantity: 3,
      observedSeq: before.observedSeq + 1,
    })
  })

  test('to a webhook is an outage, and Stripe’s next delivery is a repeat', async () => {
    const event = aStripeEvent(AT)
    project.mishap({
      when: 'after',
      isMeant: (path) => path.startsWith('/rpc/record_stripe_events'),
    })
    expect(await outage(repositories.stripeEvents.record(event))).toBe('an outage')
    expect(await repositories.stripeEvents.record(event)).toBe('repeated')
  })
})

test('while PostgREST is down every call is an outage, and afterwards every call succeeds', async () => {
  const { id, userId } = await storeActive(database.repositories, { at: AT })
  await project.kill()
  for (const call of [
    () => repositories.ping(),
    () => repositories.subscriptions.find(id),
    () => repositories.usage.consume([request(userId, 'dead')], AT),
    () => repositories.customers.upsert({ userId }, AT),
    () => repositories.plans.findActive('plan_free'),
    () => repositories.apiKeys.findByHash('none', AT),
  ])
    expect(await outage(call())).toBe('an outage')
  await project.start()
  const [outcome] = await repositories.usage.consume([request(userId, 'dead')], AT)
  expect(outcome).toMatchObject({ kind: 'allowed', repeated: false })
  await repositories.ping()
})

test('while PostgREST cannot reach Postgres every call is an outage', async () => {
  const wire = await createCutOff(Number(new URL(database.url).port))
  const over = new URL(database.url)
  over.port = String(wire.port)
  const cutOff = await startTestSupabase(over.href)
  const repositoriesBehindWire = createSupabaseRepositories({
    ...cutOff,
    answerTimeoutMs: ANSWER_TIMEOUT_MS,
  })
  const { id } = await storeActive(database.repositories, { at: AT })
  expect(await repositoriesBehindWire.subscriptions.find(id)).toMatchObject({ id })
  await wire.cut()
  expect(await outage(repositoriesBehindWire.subscriptions.find(id))).toBe('an outage')
  expect(await outage(repositoriesBehindWire.plans.findActive('plan_free'))).toBe('an outage')
  await wire.repair()
  await until(
    'it answers again',
    async () => (await outage(repositoriesBehindWire.ping())) !== 'an outage',
  )
  expect(await repositoriesBehindWire.subscriptions.find(id)).toMatchObject({ id })
  await repositoriesBehindWire.close()
  await cutOff.close()
  await wire.close()
})

test('a wrong service key is an error, not an empty result', async () => {
  const { id } = await storeActive(database.repositories, { at: AT })
  const unauthorized = createSupabaseRepositories({ url: project.url, serviceRoleKey: 'nonsense' })
  await expect(unauthorized.subscriptions.find(id)).rejects.toMatchObject({ name: 'SupabaseError' })
  await expect(unauthorized.ping()).rejects.toMatchObject({ name: 'SupabaseError' })
})
