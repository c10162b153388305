import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import type { PlanVersion } from '../../../../domain/catalogue/plan.ts'
import { quotaWindowsAt } from '../../../../domain/usage/quota-window.ts'
import type { HoldOutcome, SettleOutcome } from '../../../../domain/usage/reservation.ts'
import { subscriptionId } from '../../../../domain/ids.ts'
import type { ConsumeOutcome, Counter } from '../../../../domain/usage/usage.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { aWrite, storeActive, storePlan } from '../../../support/rows.ts'
import { createOracle, type Answer } from './usage-oracle.ts'

const anchor = new Date('2026-01-31T10:00:00.000Z')
const HOUR_MS = 3_600_000
const FEATURE = 'messages_sent'
const LIMITS = [20, 50] as const
let database: TestDatabase
let plans: PlanVersion[]
beforeAll(async () => {
  database = await createDatabase()
  plans = await Promise.all(LIMITS.map((quotaLimit) => storePlan(database, { quotaLimit })))
})
afterAll(() => database.close())

type Step =
  | { readonly kind: 'consume'; readonly amount: number }
  | { readonly kind: 'grant'; readonly amount: number; readonly hours: number | null }
  | { readonly kind: 'plan'; readonly index: 0 | 1 }
  | { readonly kind: 'hold'; readonly amount: number; readonly hours: number }
  | { readonly kind: 'settle'; readonly index: number; readonly amount: number }
  | { readonly kind: 'wait'; readonly hours: number }

const amount = fc.integer({ min: 1, max: 30 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('consume' as const), amount }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('consume' as const),
      amount: fc.integer({ min: -25, max: -1 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('grant' as const),
      amount,
      hours: fc.option(fc.integer({ min: 1, max: 900 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('plan' as const), index: fc.constantFrom(0, 1) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('hold' as const),
      amount,
      hours: fc.integer({ min: 1, max: 60 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      index: fc.nat(5),
      amount: fc.integer({ min: 0, max: 30 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      hours: fc.integer({ min: 1, max: 400 }),
    }),
  },
)

const counted = (kind: string, counter: Counter | null): Answer => ({
  kind,
  used: counter?.usedAmount ?? 0,
  remaining: counter?.remaining ?? 0,
})
const answerOf = (outcome: ConsumeOutcome | HoldOutcome | SettleOutcome): Answer =>
  'counter' in outcome ? counted(outcome.kind, outcome.counter) : { kind: outcome.kind }

/** A user, and the calls that the application or an operator makes. */
async function aUser() {
  const { usage, usageExtras, subscriptions } = database.repositories
  const { id, userId } = await storeActive(database.repositories, { at: anchor, plan: plans[0]! })
  const holds: string[] = []
  return {
    id,
    /** The answer of `check` to a step that uses an amount; undefined for any other step. */
    async announced(taken: Step, at: number): Promise<string | undefined> {
      if (taken.kind !== 'consume' || taken.amount < 0) return undefined
      const question = { userId, feature: FEATURE, amount: taken.amount }
      return (await usage.check([question], new Date(at)))[0]!.kind
    },
    async take(taken: Step, at: number): Promise<Answer | undefined> {
      const now = new Date(at)
      switch (taken.kind) {
        case 'consume': {
          const request = { userId, feature: FEATURE, key: randomUUID(), amount: taken.amount }
          return answerOf((await usage.consume([request], now))[0]!)
        }
        case 'grant': {
          const expiresAt = taken.hours === null ? null : new Date(at + taken.hours * HOUR_MS)
          const grant = { id: randomUUID(), userId, feature: FEATURE, reason: 'test', expiresAt }
          const act = { at: now, keyId: randomUUID() }
          await usageExtras.grant({ ...grant, amount: taken.amount }, act)
          return undefined
        }
        case 'plan': {
          const plan = plans[taken.index]!
          const before = (await subscriptions.find(subscriptionId(id)))!
          const windows = quotaWindowsAt(plan, { anchor, timeZone: null }, now)
          const after = { ...before, planVersionId: plan.id }
          await subscriptions.save(aWrite(before, { after, windows, at: now }))
          return undefined
        }
        case 'hold': {
          const hold = { id: randomUUID(), userId, feature: FEATURE, key: randomUUID() }
          const expiresAt = new Date(at + taken.hours * HOUR_MS)
          holds.push(hold.id)
          return answerOf(await usage.hold({ ...hold, amount: taken.amount, expiresAt }, now))
        }
        case 'settle': {
          const hold = holds[taken.index] ?? randomUUID()
          return answerOf(await usage.settle({ userId, id: hold, amount: taken.amount }, now))
        }
        case 'wait':
          return undefined
      }
    },
  }
}

function expected(oracle: ReturnType<typeof createOracle>, taken: Step, at: number) {
  switch (taken.kind) {
    case 'consume':
      return oracle.consume(taken.amount, at)
    case 'grant':
      oracle.grant(taken.amount, taken.hours === null ? null : at + taken.hours * HOUR_MS)
      return undefined
    case 'plan':
      oracle.changePlan(LIMITS[taken.index], at)
      return undefined
    case 'hold':
      return oracle.hold(taken.amount, at, at + taken.hours * HOUR_MS)
    case 'settle':
      return oracle.settle(taken.index, taken.amount, at)
    case 'wait':
      return undefined
  }
}

const instants = (steps: readonly Step[]) => {
  let at = anchor.getTime()
  // One millisecond each, so that one of two grants is older.
  return steps.map((each) => (at += each.kind === 'wait' ? each.hours * HOUR_MS : 1))
}

test('any order of consuming, releasing, granting, holding, settling and plan changes is decided as in memory', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const [user, oracle] = [await aUser(), createOracle(anchor, LIMITS[0])]
      const times = instants(steps)
      for (const [index, taken] of steps.entries()) {
        const at = times[index]!
        const announced = await user.announced(taken, at)
        const answer = await user.take(taken, at)
        expect([taken, answer]).toEqual([taken, expected(oracle, taken, at)])
        expect([taken, announced ?? answer?.kind]).toEqual([taken, answer?.kind])
      }
    }),
    { numRuns: 60 },
  )
  expect(await audit(database.url)).toEqual([])
})

test('all of these concurrently leave every counter the sum of its ledger, and no limit exceeded', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const user = await aUser()
      const times = instants(steps)
      const holds = steps.filter(({ kind }) => kind === 'hold')
      await Promise.all(holds.map((taken) => user.take(taken, anchor.getTime() + 1)))
      // Of two concurrent plan changes one is superseded, as it is for a workflow.
      await Promise.all(
        steps.filter(({ kind }) => kind !== 'hold').map((taken) => user.take(taken, times[0]!)),
      )
      const { rows } = await database.pool.query(
        `select from feature_usage where subscription_id = $1
           and used_amount - granted_amount - overage_amount > $2`,
        [user.id, Math.max(...LIMITS)],
      )
      expect(rows).toEqual([])
    }),
    { numRuns: 15 },
  )
  expect(await audit(database.url)).toEqual([])
  const { rows } = await database.pool.query(
    `select deadlocks::int from pg_stat_database where datname = current_database()`,
  )
  expect(rows).toEqual([{ deadlocks: 0 }])
})
