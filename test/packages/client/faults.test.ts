import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createClient,
  isUnreachable,
  ProblemError,
  UnreachableError,
  type ApplicationOptions,
  type SentAnswer,
} from '../../../packages/client/index.ts'
import { audit } from '../../../adapters/database/postgres/audit.ts'
import { createCutOff, type CutOff } from '../../support/cut-off.ts'
import { createFaultProxy, type FaultProxy, type WireFault } from '../../support/fault-proxy.ts'
import { groundOfThisRun } from '../../support/ground.ts'
import { getPlan, storeActive } from '../../support/rows.ts'
import { until } from '../../support/until.ts'
import { createWorld, type World } from '../../support/world.ts'

/** Long enough for an API that is busy with other tests. */
const SOON = { deadlineMs: 20_000, attemptMaxMs: 10_000 }
/** The cost of a lost answer in test time. */
const IMPATIENT = { deadlineMs: 20_000, attemptMaxMs: 500 }
const FEATURE = 'messages_sent'

let world: World
let database: CutOff
let wire: FaultProxy
beforeAll(async () => {
  database = await createCutOff(Number(new URL(groundOfThisRun().postgresUrl).port))
  world = await createWorld({ worker: false, postgresPort: database.port })
})
beforeEach(async () => {
  wire = await createFaultProxy(world.url)
  return () => wire.close()
})
afterAll(async () => {
  await world.close()
  await database.close()
})

async function somebody(slug = 'plan_enterprise', given: Partial<ApplicationOptions> = {}) {
  const { repositories } = world.container
  const plan = await getPlan(repositories, slug)
  const { userId, id } = await storeActive(repositories, { plan, at: world.clock.now() })
  const billing = createClient({
    baseUrl: wire.url,
    apiKey: 'bk_dev_app',
    usageRetry: SOON,
    ...given,
  })
  return { billing, user: billing.forUser(userId), id }
}

/** The keys of the counted events, and the counter's value. */
async function countedOf(id: string) {
  const { rows } = await world.database.pool.query<{ key: string }>(
    `select idempotency_key as key from usage_events where subscription_id = $1 and outcome = 'allowed' order by 1`,
    [id],
  )
  const counter = await world.database.pool.query<{ used: number }>(
    `select used_amount::int as used from feature_usage u join features f on f.id = u.feature_id
     where subscription_id = $1 and f.code = $2`,
    [id, FEATURE],
  )
  return { keys: rows.map(({ key }) => key), used: counter.rows[0]?.used ?? 0 }
}

const unavailable: WireFault = { status: 503, headers: { 'retry-after': '0' }, body: 'away' }

describe('a call that counts', () => {
  test.each<[string, WireFault[], typeof SOON]>([
    ['the connection breaks before the service heard of it', ['cut before'], SOON],
    ['the connection breaks after the service counted', ['cut after'], SOON],
    ['the answer breaks off in the middle', ['cut in the answer'], SOON],
    ['the answer never comes', ['no answer'], IMPATIENT],
    ['a gateway has nobody behind it', [{ status: 502 }, { status: 504 }], SOON],
    ['the service says not now', [unavailable, unavailable], SOON],
    ['there were too many calls', [{ status: 429, headers: { 'retry-after': '1' } }], SOON],
    ['all of this happens', ['cut after', unavailable, 'cut before', 'cut in the answer'], SOON],
  ])('counts once when %s', async (_, faults, usageRetry) => {
    const { user, id } = await somebody('plan_enterprise', { usageRetry })
    wire.next(...faults)
    const decision = await user.usage.consume({ feature: FEATURE, amount: 3 })
    expect(decision).toMatchObject({ outcome: 'allowed', decided_by: 'service', used_amount: 3 })
    expect(wire.seen).toHaveLength(faults.length + 1)
    expect(new Set(wire.seen.map(({ key }) => key)).size).toBe(1)
    expect(await countedOf(id)).toEqual({ keys: [wire.seen[0]!.key], used: 3 })
  })

  test('waits for a database that is away, and counts once', async () => {
    const { user, id } = await somebody()
    await database.cut()
    const decided = user.usage.consume({ feature: FEATURE })
    await until('the answer named a wait', async () => wire.seen[0]?.status === 503)
    await database.repair()
    expect(await decided).toMatchObject({ outcome: 'allowed', decided_by: 'service' })
    expect((await countedOf(id)).used).toBe(1)
  })

  test('is not answered in time: the error has the key, and its repeat counts nothing more', async () => {
    const { user, id } = await somebody()
    wire.always(() => 'cut after')
    const failure: unknown = await user.usage
      .consume({ feature: FEATURE, amount: 2 }, { deadlineMs: 700 })
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(UnreachableError)
    const { idempotencyKey, attempts } = failure as UnreachableError
    expect(attempts).toBeGreaterThan(1)
    wire.always(() => undefined)
    await user.usage.consume(
      { feature: FEATURE, amount: 2 },
      { idempotencyKey: idempotencyKey ?? '' },
    )
    expect((await countedOf(id)).used).toBe(2)
  })

  test('is not repeated for longer than the deadline, whatever the service asks for', async () => {
    const { user } = await somebody()
    wire.always(() => ({ status: 503, headers: { 'retry-after': '50' } }))
    const began = performance.now()
    await expect(user.usage.consume({ feature: FEATURE })).rejects.toThrow(UnreachableError)
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(wire.seen).toHaveLength(1)
  })

  test('is refused for good without a repeat, and says why', async () => {
    const { user } = await somebody()
    const failure: unknown = await user.usage
      .consume({ feature: '', amount: 0 })
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ProblemError)
    expect(failure).toMatchObject({
      status: 422,
      code: 'invalid_request',
      errors: [{ field: 'feature' }, { field: 'amount' }],
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(isUnreachable(failure)).toBe(false)
    expect(wire.seen).toHaveLength(1)
  })

  test('ends at once when its caller has gone', async () => {
    const { user } = await somebody()
    wire.always(() => 'cut before')
    const gone = new AbortController()
    const decided = user.usage.consume({ feature: FEATURE }, { signal: gone.signal })
    await until('it was asked', async () => wire.seen.length > 0)
    gone.abort(new Error('the caller has gone'))
    await expect(decided).rejects.toThrow('the caller has gone')
  })
})

describe('a service that cannot be reached', () => {
  const brief = { deadlineMs: 300, attemptMaxMs: 200 }

  test('refuses by an error, unless the policy says otherwise', async () => {
    const { user } = await somebody('plan_enterprise', { usageRetry: brief })
    wire.always(() => 'cut before')
    await expect(user.usage.check({ feature: FEATURE })).rejects.toThrow(UnreachableError)
    await expect(user.usage.consume({ feature: FEATURE })).rejects.toThrow(UnreachableError)
    expect(await user.usage.check({ feature: FEATURE }, { whenUnreachable: 'open' })).toEqual({
      outcome: 'allowed',
      decided_by: 'policy',
    })
  })

  test('allows by an open policy, without each caller waiting, and counts all of it once it is back', async () => {
    const answers = new Map<string, SentAnswer>()
    const { billing, user, id } = await somebody('plan_enterprise', {
      usageRetry: brief,
      whenUnreachable: 'open',
      unsent: { onSent: (_, { idempotency_key }, answer) => answers.set(idempotency_key, answer) },
    })
    // The first one is counted, and its answer is lost.
    wire.always(() => 'cut after')
    const keys = Array.from({ length: 50 }, () => randomUUID()).sort()
    for (const idempotencyKey of keys)
      expect(await user.usage.consume({ feature: FEATURE }, { idempotencyKey })).toEqual({
        outcome: 'allowed',
        decided_by: 'policy',
      })
    expect(wire.seen.length).toBeLessThan(keys.length)
    wire.always(() => undefined)
    await until('all are sent', async () => (await billing.flush()) === 0)
    expect(await countedOf(id)).toEqual({ keys, used: keys.length })
    expect([...answers.keys()].sort()).toEqual(keys)
    expect(new Set([...answers.values()].map(({ outcome }) => outcome))).toEqual(
      new Set(['allowed']),
    )
  })

  test('is noticed to be back by the next call, which has the rest sent', async () => {
    const { user, id } = await somebody('plan_enterprise', {
      usageRetry: brief,
      whenUnreachable: 'open',
    })
    wire.always(() => 'cut before')
    await user.usage.consume({ feature: FEATURE })
    await user.usage.consume({ feature: FEATURE })
    wire.always(() => undefined)
    await until(
      'the service decides again',
      async () =>
        (await user.usage.consume({ feature: FEATURE, amount: 10 })).decided_by === 'service',
    )
    await until(
      'the rest is counted',
      async () => (await countedOf(id)).used % 10 === 2 || (await countedOf(id)).keys.length > 3,
    )
    const { keys, used } = await countedOf(id)
    expect(used).toBeGreaterThanOrEqual(12)
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('reports usage beyond the limit in the end: refused usage is reported and not counted', async () => {
    const reported: SentAnswer[] = []
    const { billing, user, id } = await somebody('plan_free', {
      usageRetry: brief,
      whenUnreachable: 'open',
      unsent: { onSent: (_user, _event, answer) => reported.push(answer) },
    })
    wire.always(() => 'cut before')
    await user.usage.consume({ feature: FEATURE, amount: 80 })
    await user.usage.consume({ feature: FEATURE, amount: 80 })
    wire.always(() => undefined)
    await until('all are sent', async () => (await billing.flush()) === 0)
    expect(reported.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['allowed', undefined],
      ['refused', 'quota_exceeded'],
    ])
    expect((await countedOf(id)).used).toBe(80)
  })

  test('closes an open policy when nothing more can be kept, and hands over what is left', async () => {
    const { billing, user } = await somebody('plan_enterprise', {
      usageRetry: brief,
      whenUnreachable: 'open',
      unsent: { max: 2 },
    })
    wire.always(() => 'cut before')
    const consume = (idempotencyKey: string) =>
      user.usage.consume({ feature: FEATURE }, { idempotencyKey })
    await consume('first')
    await consume('second')
    await expect(consume('third')).rejects.toMatchObject({ idempotencyKey: 'third' })
    const left = [...(await billing.close()).values()].flat()
    expect(left.map(({ idempotency_key }) => idempotency_key)).toEqual(['first', 'second'])
    wire.always(() => undefined)
    const { events } = await user.usage.batch(left, SOON)
    expect(events.map(({ outcome }) => outcome)).toEqual(['allowed', 'allowed'])
  })

  test('never takes one event, which keeps no other', async () => {
    const rejected: string[] = []
    const { billing, user, id } = await somebody('plan_enterprise', {
      usageRetry: brief,
      whenUnreachable: 'open',
      unsent: { onRejected: (_, event) => rejected.push(event.feature) },
    })
    wire.always(() => 'cut before')
    for (const feature of [FEATURE, FEATURE, 'f'.repeat(65), FEATURE])
      await user.usage.consume({ feature })
    wire.always(() => undefined)
    await until('all are sent', async () => (await billing.flush()) === 0)
    expect(rejected).toEqual(['f'.repeat(65)])
    expect((await countedOf(id)).used).toBe(3)
  })
})

test('in a storm of faults every event is counted exactly once', async () => {
  const { billing, user, id } = await somebody('plan_enterprise', {
    usageRetry: { deadlineMs: 3_000, attemptMaxMs: 500 },
    whenUnreachable: 'open',
  })
  const faults: (WireFault | undefined)[] = [
    'cut before',
    undefined,
    'cut after',
    unavailable,
    'cut in the answer',
    undefined,
    { status: 504 },
    'no answer',
  ]
  let asked = 0
  // Each fault in turn, with quiet intervals.
  wire.always(() => (asked++ % 40 < 8 * 3 ? faults[asked % faults.length] : undefined))
  const keys = Array.from({ length: 300 }, () => randomUUID()).sort()
  const open = [...keys]
  const caller = async () => {
    for (let key = open.pop(); key !== undefined; key = open.pop())
      await user.usage.consume({ feature: FEATURE }, { idempotencyKey: key })
  }
  await Promise.all(Array.from({ length: 12 }, caller))
  wire.always(() => undefined)
  await until('all are sent', async () => (await billing.flush()) === 0)
  expect(await countedOf(id)).toEqual({ keys, used: keys.length })
  expect(await audit(world.database.url)).toEqual([])
})
