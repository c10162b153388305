import { randomUUID } from 'node:crypto'
import { expect, inject, test } from 'vitest'
import { isDatabaseUnavailable } from '../../../../adapters/failures/database.ts'
import { createPool } from '../../../../adapters/database/postgres/pool.ts'
import { createPostgresRepositories } from '../../../../adapters/database/postgres/repositories.ts'
import { createCutOff } from '../../../support/cut-off.ts'
import { createDatabase } from '../../../support/database.ts'
import { storeActive } from '../../../support/rows.ts'

test('a silent network fails calls in time, and their repeats are counted once', async () => {
  const at = new Date('2026-01-31T10:00:00.000Z')
  const database = await createDatabase()
  const { userId } = await storeActive(database.repositories, { at })
  const wire = await createCutOff(Number(new URL(inject('postgresUrl')).port))
  const url = new URL(database.url)
  url.port = String(wire.port)
  const repositories = createPostgresRepositories(
    createPool({
      databaseUrl: url.href,
      connectionsMax: 2,
      applicationName: 'silent',
      onError: () => {},
      answerTimeoutMs: 500,
    }),
  )
  const request = (key: string) => ({ userId, feature: 'messages_sent', key, amount: 1 })
  const use = (key: string) => repositories.usage.consume([request(key)], at)
  await Promise.all([use(randomUUID()), use(randomUUID())])
  wire.hush()
  const keys = Array.from({ length: 10 }, () => randomUUID())
  const lost = await Promise.allSettled(keys.map(use))
  expect(
    lost.every((each) => each.status === 'rejected' && isDatabaseUnavailable(each.reason)),
  ).toBe(true)
  const again = await Promise.all(keys.map(use))
  expect(again.every(([outcome]) => outcome?.kind === 'allowed')).toBe(true)
  const [last] = await use(randomUUID())
  expect(last).toMatchObject({ counter: { usedAmount: 13 } })
  await repositories.close()
  await wire.close()
  await database.close()
})
