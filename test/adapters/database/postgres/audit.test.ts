import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import { nodeProgram } from '../../../../dev/project.ts'
import { createDatabase } from '../../../support/database.ts'
import { storeActive } from '../../../support/rows.ts'

const at = new Date('2026-01-31T10:00:00.000Z')

test('an audit fails and names the window that differs from its ledger', async () => {
  const database = await createDatabase()
  const { userId, id } = await storeActive(database.repositories, { at })
  const request = { userId, feature: 'messages_sent', key: randomUUID(), amount: 5 }
  await database.repositories.usage.consume([request], at)
  expect(await audit(database.url)).toEqual([])
  expect(runAudit(database.url)).toMatchObject({ status: 0 })
  await database.pool.query('update feature_usage set used_amount = 6 where used_amount = 5')
  const { status, stdout } = runAudit(database.url)
  expect(status).toBe(1)
  expect(stdout).toContain(
    `${id} messages_sent from 2026-01-31T10:00:00.000Z: counted 6, in the ledger 5`,
  )
  await database.close()
})

test('an audit names the window whose history differs from its ledger', async () => {
  const database = await createDatabase()
  const { userId, id } = await storeActive(database.repositories, { at })
  const request = { userId, feature: 'messages_sent', key: randomUUID(), amount: 5 }
  await database.repositories.usage.consume([request], at)
  const until = new Date(at.getTime() + 1)
  await database.pool.query('select sum_usage($1, $2, $3, 10)', [userId, request.feature, until])
  expect(await audit(database.url)).toEqual([])
  await database.pool.query('update usage_sums set used_amount = 4')
  expect(await audit(database.url)).toEqual([
    expect.objectContaining({ what: 'history', id, counted: '4', in_the_ledger: '5' }),
  ])
  await database.close()
})

function runAudit(databaseUrl: string) {
  const { command, args, cwd } = nodeProgram('cli/main.ts', 'audit')
  const env = { ...process.env, DATABASE_URL: databaseUrl }
  return spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 30_000 })
}
