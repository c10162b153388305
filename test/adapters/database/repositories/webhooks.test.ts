import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Repositories } from '../../../../domain/repositories.ts'
import type { Subscription } from '../../../../domain/subscription/subscription.ts'
import { factsOf, type ChangeKind } from '../../../../domain/subscription/timeline.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { A_POLICY, aWrite, storeActive } from '../../../support/rows.ts'

const AT = new Date('2026-01-31T10:00:00.000Z')
const LEASE_MS = 20_000
const later = (ms: number) => new Date(AT.getTime() + ms)
const act = { at: AT, keyId: randomUUID() }

let database: TestDatabase
/** Separate processes, from the database's point of view. */
let processes: Repositories[]
beforeAll(async () => {
  database = await createDatabase()
  processes = [database.repositories, database.another(), database.another()]
})
afterAll(async () => {
  await Promise.all(processes.slice(1).map((each) => each.close()))
  await database.close()
})
afterEach(async () => {
  await database.pool.query('delete from webhook_endpoints')
  await database.pool.query('delete from webhook_events')
})

const tenOf = <T>(ask: (repositories: Repositories) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 10 }, (_, index) => ask(processes[index % processes.length]!)))

async function anEndpoint(given: { eventTypes?: string[] } = {}) {
  const id = randomUUID()
  const { endpoints } = database.repositories.webhooks
  const settings = { url: 'https://app.example/hooks', description: 'test', eventTypes: null }
  const made = await endpoints.create({ id, sealed: 'k:sealed', ...settings, ...given }, 20, act)
  return made!
}

/** A subscription, and a function that writes a change of it. */
async function customer() {
  let subscription: Subscription = await storeActive(database.repositories, { at: AT })
  return {
    id: subscription.id,
    happens: async (...kinds: ChangeKind[]) => {
      const facts = factsOf(subscription)
      const changes = kinds.map((kind) => ({ kind, before: facts, after: facts }))
      await database.repositories.subscriptions.save(aWrite(subscription, { at: AT, changes }))
      subscription = { ...subscription, observedSeq: subscription.observedSeq + 1 }
    },
  }
}

const finish = (
  { id, attempts }: { id: number; attempts: number },
  state: 'delivered' | 'failed' | 'pending',
  at = AT,
) =>
  database.repositories.webhooks.deliveries.finish({
    delivery: { id, attempts },
    state,
    status: state === 'delivered' ? 200 : 500,
    error: state === 'delivered' ? null : 'it answered 500',
    until: state === 'pending' ? later(60_000) : null,
    hold: state === 'pending' ? { after: 3, until: later(120_000) } : null,
    at,
  })

const claim = (endpointId: string, at = AT, limit = 10) =>
  database.repositories.webhooks.deliveries.claimDue(endpointId, at, limit, LEASE_MS)

describe('a webhook event', () => {
  test('is written with its timeline entry, for each endpoint that subscribes to it', async () => {
    const early = await customer()
    await early.happens('renewed')
    const all = await anEndpoint()
    const some = await anEndpoint({ eventTypes: ['subscription.paused'] })
    const who = await customer()
    await who.happens('renewed', 'drifted', 'paused')
    const [first] = await claim(all.id)
    expect(first).toMatchObject({
      attempts: 1,
      url: all.url,
      secrets: [{ sealed: 'k:sealed', until: null }],
      event: {
        key: `evt_${who.id.replaceAll('-', '')}_created`,
        sequence: 0,
        type: 'subscription.created',
        at: AT,
        subscription: { id: who.id, status: 'active', createdAt: AT },
      },
    })
    const { deliveries } = database.repositories.webhooks
    const listed = await deliveries.list({ endpointId: all.id }, { limit: 10, after: undefined })
    expect(listed.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['subscription.paused', 3],
      ['subscription.renewed', 1],
      ['subscription.created', 0],
    ])
    expect(await claim(some.id)).toMatchObject([
      { event: { type: 'subscription.paused', sequence: 3, before: { status: 'active' } } },
    ])
    const { rows } = await database.pool.query(
      'select from webhook_events where subscription_id = $1',
      [early.id],
    )
    expect(rows).toHaveLength(0)
  })

  test('is not written if its step was superseded', async () => {
    const endpoint = await anEndpoint()
    const active = await storeActive(database.repositories, { at: AT })
    const facts = factsOf(active)
    const changes = [{ kind: 'renewed' as const, before: facts, after: facts }]
    const stale = { ...active, observedSeq: 0 }
    const outcome = await database.repositories.subscriptions.save(aWrite(stale, { changes }))
    expect(outcome).toBe('superseded')
    const { deliveries } = database.repositories.webhooks
    const listed = await deliveries.list(
      { endpointId: endpoint.id },
      { limit: 10, after: undefined },
    )
    expect(listed.map(({ type }) => type)).toEqual(['subscription.created'])
  })
})

test('the figures count waiting deliveries, their age, and disabled endpoints', async () => {
  const { deliveries, endpoints } = database.repositories.webhooks
  expect(await deliveries.figures()).toMatchObject({ pending: 0, oldestQueuedAt: null })
  const endpoint = await anEndpoint()
  const gone = await anEndpoint()
  await (await customer()).happens('renewed')
  await endpoints.disable(gone.id, 'it answered 410 Gone', act)
  const [first] = await claim(endpoint.id)
  await finish(first!, 'delivered')
  const some = await deliveries.figures()
  expect(some).toEqual({ pending: 1, oldestQueuedAt: AT, enabled: 1, disabled: 1 })
})

test('a webhook event keeps the trace of its writer', async () => {
  const endpoint = await anEndpoint()
  const active = await storeActive(database.repositories, { at: AT })
  const changes = [{ kind: 'renewed' as const, before: null, after: factsOf(active) }]
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  await database.repositories.subscriptions.save(aWrite(active, { at: AT, changes, traceparent }))
  const [created] = await claim(endpoint.id, AT, 1)
  await finish(created!, 'delivered')
  const [renewed] = await claim(endpoint.id)
  expect([created, renewed].map((each) => each?.event.traceparent)).toEqual([null, traceparent])
})

describe('a delivery', () => {
  test('is claimed by one of ten, in the order of its subscription, independent of other subscriptions', async () => {
    const endpoint = await anEndpoint()
    const [ada, bob] = [await customer(), await customer()]
    await ada.happens('renewed', 'paused')
    await bob.happens('renewed')
    const claimed = (
      await tenOf((each) => each.webhooks.deliveries.claimDue(endpoint.id, AT, 2, LEASE_MS))
    ).flat()
    expect(claimed.map(({ event }) => event.type)).toEqual([
      'subscription.created',
      'subscription.created',
    ])
    const ofAda = claimed.find(({ event }) => event.subscription.id === ada.id)!
    await finish(ofAda, 'delivered')
    const next = await claim(endpoint.id)
    expect(next.map(({ event }) => [event.subscription.id, event.type])).toEqual([
      [ada.id, 'subscription.renewed'],
    ])
    // Given up, the one behind it is sent all the same.
    await finish(next[0]!, 'failed')
    expect((await claim(endpoint.id))[0]?.event.type).toBe('subscription.paused')
  })

  test('that failed holds back later ones of its subscription until it is acknowledged', async () => {
    const endpoint = await anEndpoint()
    const who = await customer()
    await who.happens('renewed')
    const [first] = await claim(endpoint.id)
    const failing = await finish(first!, 'pending')
    expect(failing).toMatchObject({ failingSince: AT, state: 'enabled' })
    const { deliveries } = database.repositories.webhooks
    expect(await deliveries.endpointsDue(later(59_999))).toEqual([])
    expect(await claim(endpoint.id, later(59_999))).toEqual([])
    const [again] = await claim(endpoint.id, later(60_000))
    expect(again).toMatchObject({ id: first!.id, attempts: 2 })
    expect(await finish(again!, 'delivered', later(60_000))).toMatchObject({ failingSince: null })
    expect((await claim(endpoint.id, later(60_000)))[0]?.event.type).toBe('subscription.renewed')
  })

  test('of a dead process is claimed again after its lease, and a late result is ignored', async () => {
    const endpoint = await anEndpoint()
    await customer()
    const [first] = await claim(endpoint.id)
    expect(await claim(endpoint.id, later(LEASE_MS - 1))).toEqual([])
    const [second] = await claim(endpoint.id, later(LEASE_MS))
    expect(second).toMatchObject({ id: first!.id, attempts: 2 })
    expect(await finish(first!, 'failed')).toBeUndefined()
    expect(await finish(second!, 'delivered')).toBeDefined()
    expect(await finish(second!, 'failed')).toBeUndefined()
  })

  test('is held with all others after too many failures in a row, until the first success', async () => {
    const endpoint = await anEndpoint()
    for (let count = 0; count < 4; count++) await customer()
    const claimed = await claim(endpoint.id, AT, 3)
    for (const each of claimed) await finish(each, 'pending')
    expect(await claim(endpoint.id, later(119_999))).toEqual([])
    const probes = await claim(endpoint.id, later(120_000))
    expect(probes).toHaveLength(4)
    await finish(probes[0]!, 'delivered', later(120_000))
    await customer()
    expect(await claim(endpoint.id, later(120_000))).toHaveLength(1)
  })
})

describe('an endpoint', () => {
  test('that is disabled gets nothing, and a replay from an instant sends everything in order', async () => {
    const { endpoints, deliveries } = database.repositories.webhooks
    const endpoint = await anEndpoint()
    const who = await customer()
    await finish((await claim(endpoint.id))[0]!, 'delivered')
    await who.happens('renewed')
    const gone = await endpoints.disable(endpoint.id, 'it is gone', act)
    expect(gone).toMatchObject({ state: 'disabled', disabledReason: 'it is gone', disabledAt: AT })
    await who.happens('paused')
    expect(await claim(endpoint.id)).toEqual([])
    const of = { endpointId: endpoint.id, since: AT, limit: 10 }
    expect(await deliveries.replaySince(of, act)).toEqual({ replayed: 0, until: null })
    expect(await endpoints.enable(endpoint.id, act)).toMatchObject({ state: 'enabled' })
    expect(await deliveries.replaySince(of, act)).toEqual({ replayed: 3, until: null })
    expect(await deliveries.replaySince({ ...of, limit: 2 }, act)).toMatchObject({ until: AT })
    const sent: string[] = []
    for (let count = 0; count < 3; count++) {
      const [next] = await claim(endpoint.id)
      sent.push(next!.event.type)
      await finish(next!, 'delivered')
    }
    expect(sent).toEqual(['subscription.created', 'subscription.renewed', 'subscription.paused'])
    const [last] = await deliveries.list({ state: 'delivered' }, { limit: 1, after: undefined })
    expect(await deliveries.replay([last!.id, last!.id], act)).toBe(1)
    expect(await deliveries.replay([last!.id], act)).toBe(0)
  })

  test('has one new secret after ten calls of one rotation, and drops expired ones', async () => {
    const { endpoints } = database.repositories.webhooks
    const { id } = await anEndpoint()
    const rotated = await tenOf((each) =>
      each.webhooks.endpoints.rotate(
        id,
        { sealed: `k:${randomUUID()}`, until: later(1_000), command: 'once' },
        act,
      ),
    )
    const made = rotated.filter((each) => each !== undefined)
    expect(made).toMatchObject([
      { secrets: [{ until: null }, { sealed: 'k:sealed', until: later(1_000) }] },
    ])
    const late = { at: later(2_000), keyId: null }
    const next = { sealed: 'k:new', until: later(9_000), command: 'twice' }
    expect((await endpoints.rotate(id, next, late))?.secrets).toEqual([
      { sealed: 'k:new', until: null },
      { sealed: made[0]!.secrets[0]!.sealed, until: later(9_000) },
    ])
  })

  test('is made once and within the maximum, and every change is in the list of actions', async () => {
    const { endpoints } = database.repositories.webhooks
    const { id, ...settings } = await anEndpoint()
    const again = { ...settings, id, sealed: 'k:other' }
    expect(await endpoints.create(again, 20, act)).toBeUndefined()
    expect(await endpoints.create({ ...again, id: randomUUID() }, 1, act)).toBeUndefined()
    await endpoints.change(id, { ...settings, url: 'https://other.example' }, act)
    await endpoints.remove(id, act)
    expect(await endpoints.remove(id, act)).toBeUndefined()
    const actions = await database.repositories.usageExtras.listActions(null, 3)
    expect(actions.map(({ action, before, after }) => [action, before, after])).toMatchObject([
      ['delete_webhook_endpoint', { url: 'https://other.example' }, null],
      ['change_webhook_endpoint', { url: settings.url }, { url: 'https://other.example' }],
      ['create_webhook_endpoint', null, { endpoint_id: id }],
    ])
    expect(JSON.stringify(actions)).not.toContain('sealed')
  })
})

test('old events are deleted, except those with a waiting delivery', async () => {
  const endpoint = await anEndpoint()
  const who = await customer()
  await who.happens('renewed')
  await finish((await claim(endpoint.id))[0]!, 'delivered')
  const policy = { ...A_POLICY, webhookDays: 4 }
  await database.repositories.retention.tidy(policy, later(5 * 86_400_000))
  const { rows } = await database.pool.query(
    'select type from webhook_events where subscription_id = $1',
    [who.id],
  )
  expect(rows).toEqual([{ type: 'subscription.renewed' }])
})
