import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { audit } from '../../adapters/database/postgres/audit.ts'
import { createRepositories } from '../../assembly/repositories.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'
import { hasPgbouncer, startPgbouncer } from '../support/pgbouncer.ts'
import { A_POLICY, aWrite, storeActive } from '../support/rows.ts'
import { runFullLifecycle, EXPECTED_ENTRIES } from '../support/whole-life.ts'
import { withPort } from '../support/with-port.ts'
import { createWorld } from '../support/world.ts'

const AT = new Date('2026-01-31T10:00:00.000Z')

describe.skipIf(!hasPgbouncer())('through a pooler that hands out transactions', () => {
  let database: TestDatabase
  let pooler: Awaited<ReturnType<typeof startPgbouncer>>
  beforeAll(async () => {
    database = await createDatabase({ kind: 'postgres' })
    pooler = await startPgbouncer(inject('postgresUrl'))
  })
  afterAll(async () => {
    await database.close()
    await pooler.stop()
  })

  const asking = (kind: 'none' | 'transaction') =>
    createRepositories(database.configOver(withPort(database.url, pooler.port), kind), {
      name: 'pooled',
      onError: () => {},
    })

  test('three processes of ten connections share three, count exactly, and write each step atomically', async () => {
    const others = [1, 2, 3].map(() => asking('transaction'))
    const active = await storeActive(others[0]!, { at: AT })
    const outcomes = await Promise.all(
      Array.from({ length: 150 }, (_, index) =>
        others[index % 3]!.usage.consume(
          [{ userId: active.userId, feature: 'messages_sent', key: `k${index}`, amount: 1 }],
          AT,
        ),
      ),
    )
    expect(outcomes.flat().filter(({ kind }) => kind === 'allowed')).toHaveLength(100)
    const writes = await Promise.all(
      others.map(({ subscriptions }) =>
        subscriptions.save(aWrite(active, { after: { ...active, quantity: 2 } })),
      ),
    )
    expect(writes.toSorted()).toEqual(['saved', 'superseded', 'superseded'])
    const policy = { ...A_POLICY, usageMonths: 2, idempotencyDays: 1, payloadDays: 1 }
    expect(await others[1]!.retention.tidy(policy, new Date())).toBeDefined()
    const put = { code: 'pooled', name: 'Pooled', type: 'metered', unit: null } as const
    const feature = { ...put, meterEventName: null }
    const act = { at: AT, by: 'test' }
    expect(await others[2]!.catalogue.putFeature(feature, act)).toMatchObject({ kind: 'saved' })
    expect(await audit(database.url)).toEqual([])
    await Promise.all(others.map((each) => each.close()))
  })

  test('session settings are refused, so no connection sets them', async () => {
    const unaware = asking('none')
    await expect(unaware.ping()).rejects.toThrow(/unsupported startup parameter: statement_timeout/)
    await unaware.close()
  })

  test('a subscription is bought, used up, renewed, canceled and ended', async () => {
    const world = await createWorld({ postgresPort: pooler.port, pooler: 'transaction' })
    expect(await runFullLifecycle(world)).toEqual(expect.arrayContaining(EXPECTED_ENTRIES))
    await world.close()
  })
})
