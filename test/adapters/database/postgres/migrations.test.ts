import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import { SCHEMA_FILE } from '../../../../adapters/database/postgres/compare-schema.ts'
import { describeSchema } from '../../../../adapters/database/postgres/describe-schema.ts'
import { migrate, pendingMigrations } from '../../../../adapters/database/postgres/migrate.ts'
import { createPool } from '../../../../adapters/database/postgres/pool.ts'
import { createPostgresRepositories } from '../../../../adapters/database/postgres/repositories.ts'
import {
  createDatabase,
  createEmptyDatabase,
  type TestDatabase,
} from '../../../support/database.ts'
import { declaredColumns } from '../../../support/declared-columns.ts'

const FOLDER = new URL('../../../../migrations/', import.meta.url)
const LAST_BUILD = new URL('../../../fixtures/last-build.sql.gz', import.meta.url)
const MIGRATIONS = readdirSync(FOLDER).filter((name) => /^\d{4}_/.test(name))
const FUNCTIONS = readdirSync(new URL('functions/', FOLDER), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.sql'))
  .map((path) => `functions/${path}`)
const AT = new Date('2026-11-10T12:00:00Z')
const fail = (error: Error) => {
  throw error
}

let latest: TestDatabase
beforeAll(async () => {
  latest = await createDatabase()
})
afterAll(() => latest.close())

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const query = (url: string, statement: string) =>
  withClient(url, (client) => client.query(statement))
const schemaOf = (url: string) => withClient(url, describeSchema)

describe('an empty database', () => {
  test('has the same schema after one run, after two at once and after another', async () => {
    const { url } = await createEmptyDatabase()
    expect(await pendingMigrations(url)).toHaveLength(MIGRATIONS.length + FUNCTIONS.length)
    const runs = await Promise.all([migrate(url), migrate(url), migrate(url)])
    expect(runs.flat().toSorted()).toEqual([...MIGRATIONS, ...FUNCTIONS].toSorted())
    expect(await migrate(url)).toEqual([])
    expect(await pendingMigrations(url)).toEqual([])
    expect(await schemaOf(url)).toEqual(await schemaOf(latest.url))
  })

  test('has the schema that migrations/schema.sql describes: `npm run schema` writes it', async () => {
    expect(await schemaOf(latest.url)).toBe(await readFile(SCHEMA_FILE, 'utf8'))
  })
})

describe('a database of the last build before the first release', () => {
  const statements = gunzipSync(readFileSync(LAST_BUILD)).toString()

  test('is carried on: same schema as a new one, and everything it held', async () => {
    const { url } = await createEmptyDatabase()
    await query(url, statements)
    const applied = await migrate(url)
    expect(applied.filter((path) => MIGRATIONS.includes(path))).toEqual(
      MIGRATIONS.filter((name) => name > '0010_access.sql'),
    )
    expect(await migrate(url)).toEqual([])
    expect(await schemaOf(url)).toEqual(await schemaOf(latest.url))
    expect(await audit(url)).toEqual([])
    const repositories = createPostgresRepositories(
      createPool({ databaseUrl: url, connectionsMax: 2, applicationName: 'test', onError: fail }),
    )
    const use = (key: string, amount: number) =>
      repositories.usage.consume([{ userId: 'ada', feature: 'calls', key, amount }], AT)
    expect(await use('first', 3)).toMatchObject([{ kind: 'allowed', repeated: true }])
    expect(await use('second', 3)).toMatchObject([{ kind: 'refused', reason: 'quota_exceeded' }])
    expect(await use('third', 2)).toMatchObject([{ kind: 'allowed', counter: { usedAmount: 5 } }])
    await repositories.close()
  })

  test('is refused, and stays as it is, if only part of its migrations were applied', async () => {
    const { url } = await createEmptyDatabase()
    const [first = ''] = statements.split('\n-- 0030_')
    await query(url, first)
    const before = await schemaOf(url)
    const refusal = /has only 18 of the 49 migrations of the last build before the first release/
    await expect(migrate(url)).rejects.toThrow(refusal)
    await expect(pendingMigrations(url)).rejects.toThrow(refusal)
    expect(await schemaOf(url)).toEqual(before)
  })
})

test('each function file begins with a comment and defines the function that it is named after, each name once', async () => {
  const files = FUNCTIONS.filter((path) => !path.endsWith('/retired.sql'))
  const names = files.map((path) => /(\w+)\.sql$/.exec(path)![1]!)
  expect(new Set(names).size).toBe(names.length)
  const texts = await Promise.all(files.map((path) => readFile(new URL(path, FOLDER), 'utf8')))
  expect(texts.filter((text) => !text.startsWith('-- '))).toEqual([])
  const defined = texts.map((text) => [
    ...new Set(
      Array.from(
        text.matchAll(/^create or replace (?:function|aggregate) (\w+)/gm),
        ([, name]) => name,
      ),
    ),
  ])
  expect(defined).toEqual(names.map((name) => [name]))
})

test('only usage_own_left knows what is left of a window’s own limit, and only usage_left adds grants and holds', async () => {
  const texts = await Promise.all(FUNCTIONS.map((path) => readFile(new URL(path, FOLDER), 'utf8')))
  const having = (sum: RegExp) => FUNCTIONS.filter((_, index) => sum.test(texts[index]!))
  expect(having(/used_amount - (?:\w+\.)?(?:granted|overage)_amount/)).toEqual([
    'functions/usage/usage_own_left.sql',
  ])
  expect(having(/\+ (?:p_granted|(?:\w+\.)?granted_left)|- (?:\w+\.)held_amount/)).toEqual([
    'functions/usage/usage_left.sql',
  ])
})

test('the code knows each column of its tables, and which of them may be null', async () => {
  const { rows } = await latest.pool.query<{ line: string }>(
    `select table_name || '.' || column_name || case is_nullable when 'YES' then ' null' else '' end as line
     from information_schema.columns where table_schema = 'public'`,
  )
  const declared = declaredColumns()
  const tables = new Set(declared.map((line) => line.split('.')[0]))
  const there = rows.map(({ line }) => line).filter((line) => tables.has(line.split('.')[0]))
  expect(declared.toSorted()).toEqual(there.toSorted())
})
