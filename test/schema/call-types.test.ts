import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Operations } from '../../adapters/database/operations/port.ts'
import { SCHEMA_FILE } from '../../adapters/database/postgres/compare-schema.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'
import { GENERATED, callTypesOf } from './call-types.ts'
import { operationsOf, tablesOf } from './operations.ts'

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await createDatabase({ kind: 'postgres' })
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.close()
})

const generated = async () =>
  callTypesOf(await operationsOf(client, new URL('.', SCHEMA_FILE)), await tablesOf(client))

test('the checked-in types of calls are those of the database: run `npm run schema`', async () => {
  const names = await readdir(GENERATED)
  const texts = names.map(
    async (name) => [name, await readFile(new URL(name, GENERATED), 'utf8')] as const,
  )
  expect(new Map(await Promise.all(texts))).toEqual(await generated())
})

test('another argument, and another column of a table or of a function, change them', async () => {
  const before = await generated()
  await client.query('begin')
  await client.query(`
    alter table api_keys add column paused_at timestamptz;
    drop function count_drift();
    create function count_drift(p_kind text) returns table (kind text, open bigint, since timestamptz)
      language sql as $$ select '', 0, now() $$;`)
  const after = await generated()
  await client.query('rollback')
  const changed = [...after.keys()].filter((name) => after.get(name) !== before.get(name))
  expect(changed.toSorted()).toEqual(['stripe.ts', 'tables.ts'])
  expect(after.get('stripe.ts')).toContain('given: { p_kind: string }')
  expect(after.get('stripe.ts')).toContain(`instants: ['since'], bigints: ['open']`)
})

test('the code calls every operation; a function that only functions call says so', async () => {
  const folder = new URL('../../adapters/database/', import.meta.url)
  const paths = (await readdir(folder, { recursive: true })).filter(
    (path) => path.endsWith('.ts') && !path.startsWith('generated/') && !path.endsWith('-types.ts'),
  )
  const texts = await Promise.all(paths.map((path) => readFile(new URL(path, folder), 'utf8')))
  const operations = await operationsOf(client, new URL('.', SCHEMA_FILE))
  const uncalled = operations.filter(({ name }) =>
    texts.every((text) => !text.includes(`'${name}'`)),
  )
  expect(uncalled.map(({ name }) => name)).toEqual([])
})

test('the repositories of tests refuse null in a column that is never null', async () => {
  const { drift } = database.repositories
  expect(await drift.count()).toEqual([])
  await client.query(`create or replace function count_drift() returns table (kind text, open bigint)
    language sql as $$ select null::text, 1::bigint $$`)
  await expect(drift.count()).rejects.toThrow('count_drift: kind is not a text: null')
})

/** Compiled, never run. */
export async function callsThatDoNotCompile({ rows, value, run }: Operations): Promise<unknown> {
  const key = { p_key: 'key' }
  // @ts-expect-error -- there is no such operation
  await rows('find_drifts', key)
  // @ts-expect-error -- an argument is missing
  await rows('find_drift', {})
  // @ts-expect-error -- the name of an argument is wrong
  await rows('find_drift', { p_name: 'key' })
  // @ts-expect-error -- the type of an argument is wrong
  await rows('find_drift', { p_key: 1 })
  // @ts-expect-error -- this argument may not be null
  await rows('find_drift', { p_key: null })
  // @ts-expect-error -- it returns rows
  await run('find_drift', key)
  const [found] = await rows('find_drift', key)
  const at = await value('claim_sync_cursor', {
    p_name: '',
    p_now: new Date(),
    p_until: new Date(),
  })
  // @ts-expect-error -- there is no such column
  const missing = found?.closed_when
  // @ts-expect-error -- the value may be null
  return [missing, at.getTime()]
}
