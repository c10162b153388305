import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { aWrite, getPlan, storeActive, storePlan } from '../../../support/rows.ts'
import { quotaWindowsAt } from '../../../../domain/usage/quota-window.ts'

const at = new Date('2026-01-31T10:00:00.000Z')
const DAY_MS = 86_400_000
const days = (count: number) => new Date(at.getTime() + count * DAY_MS)
const act = { at, keyId: randomUUID() }
let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())

const ask = (userId: string, amount: number, when = at, key: string = randomUUID()) =>
  database.repositories.usage
    .consume([{ userId, feature: 'messages_sent', key, amount }], when)
    .then(([outcome]) => outcome!)
const remaining = async (userId: string, amount: number, when = at) => {
  const outcome = await ask(userId, amount, when)
  return outcome.kind === 'key_reused' ? undefined : outcome.counter?.remaining
}
const grant = async (userId: string, amount: number, expiresAt: Date | null = null) => {
  const id = randomUUID()
  const feature = 'messages_sent'
  const { usageExtras } = database.repositories
  await usageExtras.grant({ id, userId, feature, amount, expiresAt, reason: 'test' }, act)
  return id
}
const usedOf = async (id: string) => {
  const grants = await database.repositories.usageExtras.listGrants({}, 100)
  return grants.find((each) => each.id === id)?.usedAmount
}
/** On the free plan: 100 messages a month. */
const aUser = async () => (await storeActive(database.repositories, { at })).userId

describe('a grant', () => {
  test('is used after the limit, soonest expiry first, and outlasts windows', async () => {
    const userId = await aUser()
    const [forever, soon] = [await grant(userId, 50), await grant(userId, 50, days(60))]
    expect(await remaining(userId, 100)).toBe(100)
    expect(await remaining(userId, 70)).toBe(30)
    expect([await usedOf(soon), await usedOf(forever)]).toEqual([50, 20])
    expect(await ask(userId, 31)).toMatchObject({ reason: 'quota_exceeded' })
    // The next window has its own 100, and the rest of the grant.
    expect(await remaining(userId, 1, days(40))).toBe(129)
    expect([await usedOf(soon), await usedOf(forever)]).toEqual([50, 20])
  })

  test('is refilled before the limit, last used first', async () => {
    const userId = await aUser()
    const [forever, soon] = [await grant(userId, 50), await grant(userId, 50, days(60))]
    await ask(userId, 170)
    await ask(userId, -30)
    expect([await usedOf(soon), await usedOf(forever)]).toEqual([40, 0])
    expect(await remaining(userId, -100)).toBe(160)
    expect([await usedOf(soon), await usedOf(forever)]).toEqual([0, 0])
  })

  test('stops counting at the instant of its expiry', async () => {
    const userId = await aUser()
    await grant(userId, 50, days(2))
    await ask(userId, 100)
    expect(await ask(userId, 50, new Date(days(2).getTime() - 1))).toMatchObject({
      kind: 'allowed',
    })
    const other = await aUser()
    await grant(other, 50, days(2))
    await ask(other, 100)
    expect(await ask(other, 1, days(2))).toMatchObject({ reason: 'quota_exceeded' })
  })

  test('that ends with the window is used in it, and neither counts in the next nor reduces it', async () => {
    const userId = await aUser()
    const windowEnd = new Date('2026-02-28T10:00:00.000Z')
    const ending = await grant(userId, 50, windowEnd)
    expect(await remaining(userId, 120, new Date(windowEnd.getTime() - 1))).toBe(30)
    expect(await usedOf(ending)).toBe(20)
    expect(await remaining(userId, 1, windowEnd)).toBe(99)
    expect(await usedOf(ending)).toBe(20)
  })

  test('keeps its used amount when it is revoked', async () => {
    const userId = await aUser()
    const id = await grant(userId, 50)
    await ask(userId, 110)
    const { usageExtras } = database.repositories
    expect(await usageExtras.revokeGrant(id, act)).toMatchObject({ usedAmount: 10, revokedAt: at })
    expect(await usageExtras.revokeGrant(id, act)).toMatchObject({ revokedAt: at })
    expect(await ask(userId, 1)).toMatchObject({ reason: 'quota_exceeded' })
  })

  test('is made once per id', async () => {
    const userId = await aUser()
    const given = {
      id: randomUUID(),
      userId,
      feature: 'messages_sent',
      amount: 5,
      expiresAt: null,
      reason: 'twice',
    }
    const { usageExtras } = database.repositories
    await Promise.all([usageExtras.grant(given, act), usageExtras.grant(given, act)])
    expect(await usageExtras.listGrants({ userId }, 10)).toHaveLength(1)
    expect(await usageExtras.listActions(userId, 10)).toHaveLength(1)
    expect(await remaining(userId, 1)).toBe(104)
  })

  test('is never overdrawn by concurrent usage', async () => {
    const userId = await aUser()
    await grant(userId, 10, days(5))
    await grant(userId, 10)
    const outcomes = await Promise.all(
      Array.from({ length: 150 }, (_, n) => ask(userId, 1, at, `n${n}`)),
    )
    expect(outcomes.filter((outcome) => outcome.kind === 'allowed')).toHaveLength(120)
  })

  test('that is made while a window opens counts in it', async () => {
    for (let run = 0; run < 20; run++) {
      const userId = await aUser()
      const [id] = await Promise.all([grant(userId, 50), ask(userId, 1, days(40))])
      await ask(userId, 119, days(40))
      expect(await usedOf(id)).toBe(20)
    }
  })

  test('does not cover usage from before a limit shrank', async () => {
    const plan = await getPlan(database.repositories, 'plan_pro_monthly')
    const before = await storeActive(database.repositories, { at, plan })
    const { userId } = before
    await ask(userId, 5_000)
    const id = await grant(userId, 50)
    const free = await getPlan(database.repositories, 'plan_free')
    await database.repositories.subscriptions.save(
      aWrite(before, {
        after: { ...before, planVersionId: free.id },
        windows: quotaWindowsAt(free, { anchor: at, timeZone: null }, at),
      }),
    )
    expect(await remaining(userId, 20)).toBe(30)
    expect(await usedOf(id)).toBe(20)
  })
})

describe('an override of a limit', () => {
  const override = (userId: string, quotaLimit: number | null, expiresAt: Date | null = null) =>
    database.repositories.usageExtras.setOverride(
      { userId, feature: 'messages_sent', quotaLimit, expiresAt, reason: 'test' },
      act,
    )

  test('replaces the plan’s limit at once and in later windows, until it expires', async () => {
    const userId = await aUser()
    await ask(userId, 1)
    await override(userId, 500, days(40))
    expect(await remaining(userId, 199)).toBe(300)
    expect(await remaining(userId, 1, days(35))).toBe(499)
    expect(await ask(userId, 100, days(40))).toMatchObject({ reason: 'quota_exceeded' })
    await override(userId, null)
    expect(await remaining(userId, 1_000, days(40))).toBeNull()
  })

  test('can be lower than the used amount, and ends when it is removed', async () => {
    const userId = await aUser()
    await ask(userId, 50)
    await override(userId, 10)
    expect(await ask(userId, 1)).toMatchObject({ reason: 'quota_exceeded' })
    await database.repositories.usageExtras.removeOverride(userId, 'messages_sent', act)
    expect(await remaining(userId, 1)).toBe(49)
    const actions = await database.repositories.usageExtras.listActions(userId, 10)
    expect(actions.map(({ action }) => action)).toEqual(['remove_override', 'set_override'])
  })
})

describe('unused quota rolls over', () => {
  const aRoller = async (rolloverMax: number) => {
    const plan = await storePlan(database, { quotaLimit: 100, reset: 'day', rolloverMax })
    return (await storeActive(database.repositories, { at, plan })).userId
  }

  test('up to its cap, once, however late the window is read', async () => {
    const userId = await aRoller(150)
    await ask(userId, 60)
    expect(await remaining(userId, 10, days(1))).toBe(130)
    // Two days without usage: 130 and 100, capped.
    expect(await remaining(userId, 10, days(3))).toBe(240)
    expect(await remaining(userId, 10, days(300))).toBe(240)
  })

  test('and leaves its old window, so that a late event cannot use it again', async () => {
    const userId = await aRoller(30)
    await ask(userId, 60)
    expect(await remaining(userId, 130, days(1))).toBe(0)
    const late = { userId, feature: 'messages_sent', occurredAt: at }
    const [tooMuch, fits] = await database.repositories.usage.consume(
      [
        { ...late, key: 'a', amount: 11 },
        { ...late, key: 'b', amount: 10 },
      ],
      days(1),
    )
    expect([tooMuch?.kind, fits?.kind]).toEqual(['refused', 'allowed'])
  })

  test('once when concurrent calls need the new window', async () => {
    const userId = await aRoller(100)
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => ask(userId, 5, days(1), `n${n}`)),
    )
    expect(outcomes.filter((outcome) => outcome.kind === 'allowed')).toHaveLength(40)
  })

  test('as `check` and the list of usage announce, before the window is used', async () => {
    const userId = await aRoller(50)
    await ask(userId, 70)
    const { usage } = database.repositories
    const question = { userId, feature: 'messages_sent', amount: 130 }
    expect(await usage.check([question], days(1))).toMatchObject([
      { kind: 'allowed', counter: { remaining: 130 } },
    ])
    expect(await remaining(userId, 130, days(1))).toBe(0)
  })
})

test('every counter is the sum of its ledger, each grant of its draws, each rollover of its origin', async () => {
  expect(await audit(database.url)).toEqual([])
})
