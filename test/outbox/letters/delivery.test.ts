import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createLogger } from '../../../adapters/telemetry/logger.ts'
import { createLetterDelivery } from '../../../outbox/letters/delivery.ts'
import { CONNECTIONS_MAX } from '../../../adapters/mail/mailer.ts'
import { createDatabase, type TestDatabase } from '../../support/database.ts'
import { aWrite, storeActive } from '../../support/rows.ts'
import { until } from '../../support/until.ts'

const AT = new Date('2026-01-31T10:00:00.000Z')
/** Longer than a lease. */
const MINUTE_MS = 60_000

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.close())
afterEach(() => vi.restoreAllMocks())

/** Stores a subscription with this many letters. */
async function subscriptionWith(count: number) {
  const { repositories } = database
  const before = await storeActive(repositories, { at: AT })
  const content = {
    planName: 'Free',
    amountMinor: 0,
    currency: 'usd',
    periodEnd: null,
    trialEnd: null,
    nextAttempt: null,
    payUrl: null,
  }
  const letters = Array.from({ length: count }, () => ({
    key: randomUUID(),
    kind: 'plan_changed' as const,
    content,
  }))
  await repositories.subscriptions.save(aWrite(before, { at: AT, letters }))
  return before.id
}

/** A process with this mail server. */
const processWith = (send: () => Promise<void>) =>
  createLetterDelivery({
    letters: database.repositories.letters,
    mailer: { send, ping: async () => undefined, close: () => undefined },
    logger: createLogger({ level: 'silent', name: 'test' }),
    disabledKinds: [],
    setting: { senderName: 'Acme', manageUrl: undefined },
  })

const claimedAt = (at: Date) => database.repositories.letters.claimDue(at, 100, MINUTE_MS)

test('no other process claims a letter that a slow round sends late', async () => {
  const subscriptionId = await subscriptionWith(2)
  let elapsed = 0
  vi.spyOn(performance, 'now').mockImplementation(() => elapsed)
  const others: number[] = []
  const { deliver } = processWith(async () => {
    // The first letter takes a minute. Another process looks while the second one is being sent.
    if (elapsed > 0) others.push((await claimedAt(new Date(AT.getTime() + elapsed))).length)
    elapsed += MINUTE_MS
  })
  expect(await deliver(AT, { subscriptionId })).toBe(2)
  expect(others).toEqual([0])
})

test('many rounds at the same time claim no more letters than there are connections', async () => {
  const subscriptions = await Promise.all(Array.from({ length: 12 }, () => subscriptionWith(1)))
  let open: (() => void) | undefined
  const gate = new Promise<void>((resolve) => (open = resolve))
  let sending = 0
  const { deliver } = processWith(async () => {
    sending += 1
    await gate
  })
  const sent = Promise.all(subscriptions.map((subscriptionId) => deliver(AT, { subscriptionId })))
  await until('all connections are in use', async () => sending === CONNECTIONS_MAX)
  // Another process finds all the other letters.
  expect((await claimedAt(AT)).length).toBe(subscriptions.length - CONNECTIONS_MAX)
  open?.()
  expect((await sent).filter((count) => count === 1)).toHaveLength(CONNECTIONS_MAX)
})
