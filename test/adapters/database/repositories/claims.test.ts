import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Repositories } from '../../../../domain/repositories.ts'
import type { IncomingStripeEvent } from '../../../../domain/stripe/inbox.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { aWrite, storeActive } from '../../../support/rows.ts'
import { aStripeEvent } from '../../../support/stripe-event.ts'

const AT = new Date('2026-01-31T10:00:00.000Z')
const LEASE_MS = 60_000
const later = (ms: number) => new Date(AT.getTime() + ms)

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

/** The replies to ten concurrent calls from three processes. */
const tenOf = <T>(ask: (repositories: Repositories) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: 10 }, (_, index) => ask(processes[index % processes.length]!)))

const anEvent = (given: Partial<IncomingStripeEvent> = {}) => aStripeEvent(AT, given)

describe('a Stripe event', () => {
  test('that arrives ten times concurrently is stored once', async () => {
    const event = anEvent({ verdict: { state: 'parked', reason: 'a test' } })
    const answers = await tenOf(({ stripeEvents }) => stripeEvents.record(event))
    expect(answers.filter((answer) => answer === 'recorded')).toHaveLength(1)
    const { stripeEvents } = database.repositories
    expect(await stripeEvents.recordMissing([event, event, anEvent(event)])).toBe(0)
    expect(await stripeEvents.hasParkedEvent('sub_1')).toBe(true)
  })

  test('is claimed by one of ten, and by another one after its lease', async () => {
    const { stripeEvents } = database.repositories
    const facts = [anEvent(), anEvent(), anEvent()]
    const invoice = anEvent({ type: 'invoice.paid' })
    await stripeEvents.recordMissing([...facts, invoice])
    const claimed = await tenOf((each) => each.stripeEvents.claimDue('facts', AT, 2, LEASE_MS))
    const ids = claimed.flat().map(({ eventId }) => eventId)
    expect(ids.toSorted()).toEqual(facts.map(({ eventId }) => eventId).toSorted())
    expect(await stripeEvents.claimDue('facts', later(LEASE_MS - 1), 10, LEASE_MS)).toEqual([])
    const again = await stripeEvents.claimDue('facts', later(LEASE_MS), 10, LEASE_MS)
    expect(again.map(({ attempts }) => attempts)).toEqual([2, 2, 2])
    expect(await stripeEvents.claimDue('invoices', AT, 10, LEASE_MS)).toMatchObject([
      { eventId: invoice.eventId, objectIds: { stripeSubscriptionId: 'sub_1' } },
    ])
  })

  test('that is done stays done, even if it is marked as forwarded later', async () => {
    const { stripeEvents, stripeInbox, subscriptions } = database.repositories
    const active = await storeActive(database.repositories, { at: AT })
    const event = anEvent()
    await stripeEvents.record(event)
    const [claimed] = await stripeEvents.claimDue('facts', AT, 1, LEASE_MS)
    expect(claimed).toMatchObject({ eventId: event.eventId })
    await subscriptions.save(aWrite(active, { eventIds: [event.eventId] }))
    await stripeEvents.markForwarded([{ event: claimed!, checkAgainAt: later(1) }], active.id)
    await stripeEvents.postpone(claimed!, 'late', later(1))
    const page = { limit: 10 }
    expect(await stripeInbox.list({ subscriptionId: active.id }, page)).toMatchObject([
      { eventId: event.eventId, state: 'done', lastError: null },
    ])
    const redriven = await tenOf((each) =>
      each.stripeInbox.redrive({ eventIds: [event.eventId] }, AT, 10),
    )
    expect(redriven.flat()).toEqual([event.eventId])
    expect(await stripeEvents.hasUnappliedEvent('sub_1')).toBe(true)
  })
})

test('many events are forwarded together, each with its own time to be checked', async () => {
  const { stripeEvents } = database.repositories
  const active = await storeActive(database.repositories, { at: AT })
  const events = Array.from({ length: 20 }, () => anEvent())
  for (const event of events) await stripeEvents.record(event)
  const names = new Set(events.map(({ eventId }) => eventId))
  const claimed = (await stripeEvents.claimDue('facts', AT, 100, LEASE_MS)).filter(({ eventId }) =>
    names.has(eventId),
  )
  await stripeEvents.markForwarded(
    claimed.map((event, index) => ({ event, checkAgainAt: later(index) })),
    active.id,
  )
  const { rows } = await database.pool.query<{ event_id: string; due_at: Date }>(
    `select event_id, due_at from stripe_events where state = 'forwarded' and subscription_id = $1`,
    [active.id],
  )
  expect(new Map(rows.map((row) => [row.event_id, row.due_at]))).toEqual(
    new Map(claimed.map(({ eventId }, index) => [eventId, later(index)])),
  )
  expect(claimed).toHaveLength(20)
})

test('the list of the inbox is paged, filtered and counted', async () => {
  const { stripeEvents, stripeInbox } = database.repositories
  const before = await stripeInbox.figures()
  const reason = `paged ${randomUUID()}`
  const events = Array.from({ length: 5 }, (_, index) =>
    anEvent({ receivedAt: later(index), verdict: { state: 'parked', reason } }),
  )
  await stripeEvents.recordMissing(events)
  const first = await stripeInbox.list({ reason }, { limit: 3 })
  const after = first.at(-1)!.eventId
  const second = await stripeInbox.list({ reason, stripeId: 'sub_1' }, { limit: 3, after })
  expect([...first, ...second].map(({ eventId }) => eventId)).toEqual(
    events.map(({ eventId }) => eventId).toReversed(),
  )
  expect(first[0]!.receivedAt).toEqual(later(4))
  expect((await stripeInbox.figures()).parked).toBe(before.parked + 5)
})

test('a letter is claimed by one of ten and sent once, and a late result is ignored', async () => {
  const active = await storeActive(database.repositories, { at: AT })
  const key = `notice/${randomUUID()}`
  const content = { planName: 'Free' } as never
  const letters = [{ key, kind: 'subscription_renewed' as const, content }]
  await database.repositories.subscriptions.save(aWrite(active, { at: AT, letters }))
  const claimed = await tenOf((each) => each.letters.claimDue(AT, 5, LEASE_MS, active.id))
  expect(claimed.flat()).toMatchObject([{ key, content, userId: active.userId, attempts: 1 }])
  await database.repositories.letters.postpone(key, 'x'.repeat(1_000), later(10))
  const [again] = await database.repositories.letters.claimDue(later(10), 5, LEASE_MS, active.id)
  expect(again).toMatchObject({ key, attempts: 2 })
  await database.repositories.letters.markSent(key, later(11))
  await database.repositories.letters.giveUp(key, 'too late')
  const { rows } = await database.pool.query('select state, sent_at from notices where key = $1', [
    key,
  ])
  expect(rows).toEqual([{ state: 'sent', sent_at: later(11) }])
})

test('a letter that ten write at once is stored once, and a repeat leaves it as it is', async () => {
  const active = await storeActive(database.repositories, { at: AT })
  const key = `notice/${randomUUID()}`
  const letterAbout = (planName: string) =>
    ({ key, kind: 'card_expiring', content: { planName } as never }) as const
  await tenOf((each) => each.letters.write(active.id, [letterAbout('Pro')], AT))
  await database.repositories.letters.write(active.id, [letterAbout('Other')], later(1))
  const claimed = await database.repositories.letters.claimDue(later(1), 5, LEASE_MS, active.id)
  expect(claimed).toMatchObject([{ key, kind: 'card_expiring', content: { planName: 'Pro' } }])
})

test('a claim never exceeds its limit, whatever the planner knows of the tables', async () => {
  const { endpoints, deliveries } = database.repositories.webhooks
  const settings = { url: 'https://app.example/hooks', description: 'test', eventTypes: null }
  const listen = async () => {
    const own = { id: randomUUID(), sealed: 'k:sealed', ...settings }
    await endpoints.create(own, 20, { at: AT, keyId: randomUUID() })
    return own.id
  }
  // The planner uses stale statistics: it joins tables row by row if they had few rows when they were analyzed.
  await listen()
  await storeActive(database.repositories, { at: AT })
  await database.pool.query('delete from webhook_endpoints')
  await database.pool.query('delete from webhook_events')
  await database.pool.query('analyze webhook_endpoints, webhook_events, webhook_deliveries')
  const endpoint = await listen()
  for (let count = 0; count < 3; count++) await storeActive(database.repositories, { at: AT })
  const claims = [1, 2, 3, 4].map(() => deliveries.claimDue(endpoint, AT, 1, LEASE_MS))
  const claimed = (await Promise.all(claims)).map(({ length }) => length)
  expect(claimed.toSorted((one, other) => one - other)).toEqual([0, 1, 1, 1])
})

test('a cursor belongs to one process at a time, and never goes back', async () => {
  const name = `cursor ${randomUUID()}`
  const claims = await tenOf(({ syncCursors }) => syncCursors.claim(name, AT, later(LEASE_MS)))
  expect(claims.filter((claim) => claim !== undefined)).toEqual([AT])
  const { syncCursors } = database.repositories
  await syncCursors.advance(name, later(5))
  await syncCursors.advance(name, later(3))
  expect(await syncCursors.find(name)).toEqual(later(5))
  await syncCursors.release(name, AT)
  expect(await syncCursors.claim(name, AT, later(1))).toEqual(later(5))
  expect(await syncCursors.find('none')).toBeUndefined()
})

test('an idempotency key always returns the first response', async () => {
  const key = randomUUID()
  const opened = await tenOf(({ idempotency }) => idempotency.open('app', key, 'hash', AT))
  const first = { kind: 'opened', isRepeat: false }
  expect(opened.filter((each) => each.kind === 'opened' && !each.isRepeat)).toEqual([first])
  expect(opened.filter((each) => each.kind === 'opened' && each.isRepeat)).toHaveLength(9)
  const bodies = await tenOf(async ({ idempotency }) => {
    const body = { answer: randomUUID(), nothing: null, list: [1, 'two'] }
    await idempotency.answer('app', key, 201, body)
    return body
  })
  const answers = await tenOf(({ idempotency }) => idempotency.open('app', key, 'hash', AT))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]).toMatchObject({ kind: 'answered', status: 201 })
  expect(bodies).toContainEqual((answers[0] as { body: unknown }).body)
  const { idempotency } = database.repositories
  expect(await idempotency.open('app', key, 'another', AT)).toEqual({ kind: 'reused' })
  expect(await idempotency.open('other', key, 'another', AT)).toEqual(first)
})

describe('an API key', () => {
  const act = { at: AT, by: null }
  const aKey = async (scopes: ('app' | 'operator')[] = ['app']) => {
    const key = { id: randomUUID(), name: 'test', prefix: 'bk_', scopes, expiresAt: null }
    const hash = randomUUID()
    expect(await database.repositories.apiKeys.create({ ...key, hash }, act)).toMatchObject(key)
    return { ...key, hash }
  }

  test('is found until it expires or is revoked, and its use is recorded once a minute', async () => {
    const { apiKeys } = database.repositories
    const key = await aKey()
    expect(await apiKeys.create({ ...key, name: 'again' }, act)).toBeUndefined()
    await apiKeys.findByHash(key.hash, later(1_000))
    await apiKeys.findByHash(key.hash, later(30_000))
    const listed = (await apiKeys.list(100)).find(({ id }) => id === key.id)
    expect(listed).toMatchObject({ name: 'test', lastUsedAt: later(1_000), revokedAt: null })
    expect(await apiKeys.revoke(key.id, act)).toMatchObject({
      kind: 'revoked',
      key: { id: key.id },
    })
    expect(await apiKeys.findByHash(key.hash, AT)).toBeUndefined()
    expect(await apiKeys.revoke(randomUUID(), act)).toEqual({ kind: 'unknown' })
  })

  test('of the last operator survives when two operators revoke each other’s', async () => {
    await database.pool.query(`update api_keys set revoked_at = now() where revoked_at is null`)
    const [a, b] = [await aKey(['operator']), await aKey(['operator'])]
    const outcomes = await Promise.all([
      processes[0]!.apiKeys.revoke(a.id, { at: AT, by: b.id }),
      processes[1]!.apiKeys.revoke(b.id, { at: AT, by: a.id }),
    ])
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['last_operator', 'revoked'])
  })

  test('that ten calls rotate concurrently has one successor', async () => {
    const key = await aKey()
    const outcomes = await tenOf(({ apiKeys }) => {
      const successor = { id: randomUUID(), prefix: 'bk_', hash: randomUUID() }
      return apiKeys.rotate(key.id, successor, later(LEASE_MS), act)
    })
    const rotated = outcomes.filter(({ kind }) => kind === 'rotated')
    expect(rotated).toMatchObject([
      { key: { rotatedFrom: key.id }, replaced: { id: key.id, expiresAt: later(LEASE_MS) } },
    ])
    expect(outcomes.filter(({ kind }) => kind === 'over')).toHaveLength(9)
  })
})
