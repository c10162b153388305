import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MigrationItem, MigrationTerms } from '../../../../domain/migration/plan-migration.ts'
import type { Subscription } from '../../../../domain/subscription/subscription.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { aWrite, getPlan, storeActive, storePlan } from '../../../support/rows.ts'
import { NO_IDS } from '../../../support/stripe-event.ts'
import { withFacts } from '../../../support/builders.ts'

const AT = new Date('2026-01-31T10:00:00.000Z')
const later = (ms: number) => new Date(AT.getTime() + ms)

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

test('every field of a subscription is read as it was written', async () => {
  const { subscriptions } = database.repositories
  const before = await storeActive(database.repositories, { at: AT })
  const pro = await getPlan(database.repositories, 'plan_pro_monthly')
  const after = withFacts(before, {
    status: 'paused',
    planVersionId: pro.id,
    quantity: 7,
    discount: {
      couponId: 'co',
      promotionCode: null,
      percentOff: 12.5,
      amountOffMinor: null,
      currency: null,
      endsAt: later(9),
    },
    anchor: later(1),
    period: { start: later(2), end: later(3) },
    trialEnd: later(4),
    cancelAt: later(5),
    pendingChange: {
      kind: 'scheduled',
      planVersionId: pro.id,
      quantity: 3,
      addons: [],
      at: later(6),
      paymentUrl: 'https://x',
    },
    resumesAt: later(7),
    accessUntil: later(8),
    checkout: {
      sessionId: randomUUID(),
      url: 'https://y',
      expiresAt: later(10),
      planVersionId: pro.id,
    },
    checkoutGeneration: 4,
    stripeSubscriptionId: `sub_${randomUUID()}`,
    drift: 'differs: "here", (there)',
    observedSeq: before.observedSeq + 1,
    updatedAt: later(11),
  })
  expect(await subscriptions.save(aWrite(before, { after, at: later(11) }))).toBe('saved')
  expect(await subscriptions.find(before.id)).toEqual(after)
  const { stripeSubscriptionId, checkout } = after
  const ids = { ...NO_IDS, stripeSubscriptionId }
  expect(await subscriptions.findByStripeIds(ids)).toEqual(after)
  const session = { ...NO_IDS, sessionId: checkout!.sessionId }
  expect(await subscriptions.findByStripeIds(session)).toEqual(after)
  const ended = withFacts(after, {
    status: 'past_due',
    resumesAt: null,
    pastDueSince: later(12),
  })
  await subscriptions.save(aWrite(after, { after: ended }))
  expect(await subscriptions.find(before.id)).toMatchObject({ pastDueSince: later(12) })
})

test('a customer keeps fields that are not given, and the first Stripe id until it is forgotten', async () => {
  const { customers, subscriptions } = database.repositories
  const userId = `user-${randomUUID()}`
  await customers.upsert({ userId, email: 'a@x.example', timeZone: 'Europe/Lisbon' }, AT)
  const kept = await customers.upsert({ userId, locale: 'pt' }, later(1))
  expect(kept).toMatchObject({ email: 'a@x.example', locale: 'pt', timeZone: 'Europe/Lisbon' })
  const stripeId = `cus_${randomUUID()}`
  expect(await customers.recordStripeCustomer(userId, stripeId)).toBe(stripeId)
  expect(await customers.recordStripeCustomer(userId, 'cus_other')).toBe(stripeId)
  expect(await customers.findByStripeCustomer(stripeId)).toMatchObject({ userId })
  const active = await storeActive(database.repositories, { user: userId, at: AT })
  const ofCustomer = { ...NO_IDS, customerId: stripeId }
  expect(await subscriptions.findByStripeIds(ofCustomer)).toMatchObject({ id: active.id })
  await customers.forgetStripeCustomer(stripeId)
  await customers.forgetStripeCustomer(stripeId)
  expect(await customers.find(userId)).toMatchObject({
    stripeCustomerId: null,
    stripeGeneration: 2,
  })
  await expect(customers.recordStripeCustomer('unknown', stripeId)).rejects.toThrow(
    'there is no customer unknown',
  )
})

test('a drift finding is recorded once, closed, reopened by new drift, and stays dismissed', async () => {
  const { drift } = database.repositories
  const stripeId = `sub_${randomUUID()}`
  const found = { kind: 'unknown_price' as const, subscriptionId: null, stripeId, detail: 'one' }
  await drift.note(found, AT)
  await drift.note(found, later(1))
  const key = `unknown_price/${stripeId}`
  expect(await drift.find(key)).toMatchObject({ foundAt: AT, seenAt: later(1), state: 'open' })
  const dismissed = { state: 'dismissed', by: 'ada' } as const
  expect(await drift.close([key], dismissed, later(2))).toMatchObject([{ key, closedBy: 'ada' }])
  expect(await drift.close([key], dismissed, later(2))).toEqual([])
  await drift.note(found, later(3))
  expect(await drift.find(key)).toMatchObject({ state: 'dismissed' })
  await drift.note({ ...found, detail: 'two' }, later(4))
  expect(await drift.list({ state: 'open', kind: 'unknown_price' }, { limit: 5 })).toMatchObject([
    { key, detail: 'two', closedAt: null },
  ])
  expect(await drift.count()).toContainEqual({ kind: 'unknown_price', open: 1 })
  expect(await drift.closeUnseen(later(4), 'run', later(5))).toBe(0)
  expect(await drift.closeUnseen(later(5), 'run', later(5))).toBe(1)
  await drift.note({ ...found, detail: 'three' }, later(6))
  await drift.settle(stripeId, later(7))
  expect(await drift.find(key)).toMatchObject({ state: 'repaired', closedBy: 'sync' })
})

test('a reconciliation run starts once, knows what it saw, and ends with its figures', async () => {
  const { reconciliations } = database.repositories
  const active = await storeActive(database.repositories, { at: AT })
  const stripeSubscriptionId = `sub_${randomUUID()}`
  const after = { ...active, stripeSubscriptionId }
  await database.repositories.subscriptions.save(aWrite(active, { after }))
  const run = { id: randomUUID(), cause: 'test', dryRun: true, startedAt: AT }
  await reconciliations.begin(run)
  await reconciliations.begin({ ...run, cause: 'again' })
  const isSeen = async () => {
    const page = { limit: 1_000, after: null }
    const live = await reconciliations.listLive(run.id, page)
    return live.find(({ subscription }) => subscription.id === active.id)?.isSeen
  }
  expect(await isSeen()).toBe(false)
  await reconciliations.see(run.id, [stripeSubscriptionId, 'sub_other'])
  await reconciliations.see(run.id, [stripeSubscriptionId])
  expect(await isSeen()).toBe(true)
  const figures = { listed: 3, found: 2, repaired: 1, detail: null }
  await reconciliations.finish({ id: run.id, ...figures }, later(1))
  expect(await reconciliations.find(run.id)).toEqual({ ...run, ...figures, finishedAt: later(1) })
  expect(await isSeen()).toBe(false)
})

describe('a plan migration', () => {
  const terms = (
    from: string,
    to: string,
    given: Partial<MigrationTerms> = {},
  ): MigrationTerms => ({
    from: [from],
    to,
    when: 'now',
    filter: { statuses: null, userIds: null, since: null, before: null },
    dryRun: false,
    canaryPercent: 50,
    ratePerMinute: 60,
    reason: 'test',
    ...given,
  })

  test('that ten processes create concurrently is created by one, and the others conflict or repeat', async () => {
    const { planMigrations } = database.repositories
    const [a, b] = [
      await storePlan(database, { quotaLimit: 1 }),
      await storePlan(database, { quotaLimit: 1 }),
    ]
    const begun = await Promise.all(
      Array.from({ length: 10 }, () =>
        planMigrations.create({ id: randomUUID(), terms: terms(a.id, b.id), by: 'ada', at: AT }),
      ),
    )
    const created = begun.flatMap((each) => (each.kind === 'created' ? [each.migration] : []))
    expect(created).toHaveLength(1)
    const { id } = created[0]!
    expect(begun.filter(({ kind }) => kind === 'conflict')).toHaveLength(9)
    const again = await planMigrations.create({ id, terms: terms(a.id, b.id), by: 'bob', at: AT })
    expect(again).toMatchObject({ kind: 'repeated', migration: { by: 'ada', from: [a.id] } })
    const progress = { state: 'stopped', phase: 'moving', heldBecause: null } as const
    await planMigrations.saveProgress(id, { ...progress, at: later(1) })
    expect(await planMigrations.find(id)).toMatchObject({ endedAt: later(1), createdAt: AT })
  })

  test('finds its candidates, adds each once, chooses the same canary share, and reports all states', async () => {
    const { planMigrations } = database.repositories
    const [a, b] = [
      await storePlan(database, { quotaLimit: 1 }),
      await storePlan(database, { quotaLimit: 1 }),
    ]
    const active: Subscription[] = []
    for (let count = 0; count < 4; count++)
      active.push(await storeActive(database.repositories, { plan: a, at: later(count) }))
    const filter = {
      statuses: ['active' as const],
      userIds: active.slice(1).map(({ userId }) => userId),
      since: later(1),
      before: later(3),
    }
    const begun = await planMigrations.create({
      id: randomUUID(),
      terms: terms(a.id, b.id, { filter }),
      by: 'ada',
      at: AT,
    })
    if (begun.kind === 'conflict') throw new Error('a conflict without another migration')
    const { migration } = begun
    expect(migration.filter).toEqual(filter)
    const found = await planMigrations.listCandidates(migration, null, 10)
    expect(found.map(({ id }) => id)).toEqual([active[1]!.id, active[2]!.id].toSorted())
    expect(await planMigrations.listCandidates(migration, found[0]!.id, 10)).toHaveLength(1)
    const items = found.map(({ id }): MigrationItem => ({
      subscriptionId: id,
      fromVersionId: a.id,
      verdict: 'moves',
      canary: false,
      state: 'pending',
      reason: null,
      attempts: 0,
      currency: 'usd',
      beforeMinor: 100,
      afterMinor: 200,
      nowMinor: -5,
    }))
    await planMigrations.addItems(migration.id, items, AT)
    await planMigrations.addItems(migration.id, items, AT)
    for (const _ of [1, 2]) expect(await planMigrations.chooseCanary(migration.id, 50)).toBe(1)
    const [canary] = await planMigrations.listPending(migration.id, { canary: true }, 10)
    const subscriptionId = found.find(({ id }) => id === canary!.subscriptionId)!.id
    expect(await planMigrations.countAttempt(migration.id, subscriptionId)).toBe(1)
    expect(await planMigrations.countAttempt(migration.id, subscriptionId)).toBe(2)
    const moved = { subscriptionId, state: 'scheduled', reason: null, at: AT } as const
    await planMigrations.saveItem(migration.id, moved)
    // No change is pending on the subscription, so its change was given up.
    expect(await planMigrations.report(migration.id)).toEqual({
      states: expect.arrayContaining([
        { state: 'kept', reason: 'given_up', count: 1 },
        { state: 'pending', reason: null, count: 1 },
      ]),
      money: [
        { currency: 'usd', subscriptions: 2, beforeMinor: 200, afterMinor: 400, nowMinor: -10 },
      ],
      canary: 1,
    })
    const kept = { state: 'kept', after: null, limit: 10 } as const
    expect(await planMigrations.listItems(migration.id, kept)).toMatchObject([{ subscriptionId }])
    expect(await planMigrations.listToRollBack(migration.id, 10)).toMatchObject([
      { subscriptionId },
    ])
  })
})
