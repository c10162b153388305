import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate } from '../../../../adapters/database/postgres/migrate.ts'
import { createEmptyDatabase } from '../../../support/database.ts'

const ANSWER = 'functions/usage/answer.sql'

/** A database and a copy of the migrations of its own for each test. */
let url: string
let folder: URL
beforeEach(async () => {
  ;({ url } = await createEmptyDatabase())
  folder = pathToFileURL(`${await mkdtemp(join(tmpdir(), 'perennial-migrations-'))}/`)
  await cp(new URL('../../../../migrations/', import.meta.url), folder, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))

async function withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const answerOf = (call: string): Promise<unknown> =>
  withClient(async (client) => (await client.query(`select ${call}`)).rows[0])
const write = (text: string, path = ANSWER) => writeFile(new URL(path, folder), text)
const greeting = (given: string, body: string, name = 'answer') =>
  `create or replace function ${name}(${given}) returns text language sql as $$ select ${body} $$;`

async function retire(signature: string) {
  const retired = await readFile(new URL('functions/retired.sql', folder), 'utf8')
  await write(`${retired}drop function if exists ${signature};\n`, 'functions/retired.sql')
}

test('a function that changed is applied again, alone, with its grants', async () => {
  await write(greeting('p_name text', `'Hello ' || p_name`))
  await migrate(url, undefined, folder)
  await write(greeting('p_name text', `'Bye ' || p_name`))
  expect(await migrate(url, undefined, folder)).toEqual([ANSWER])
  expect(await answerOf(`answer('Ada')`)).toEqual({ answer: 'Bye Ada' })
  expect(
    await answerOf(
      `has_function_privilege('anon', 'answer(text)', 'execute') as anon,
       has_function_privilege('service_role', 'answer(text)', 'execute') as service`,
    ),
  ).toEqual({ anon: false, service: true })
})

test('a function that fails names its file, and then none of them is applied', async () => {
  await write(greeting('p_name text', `'Hello ' || p_name`))
  await migrate(url, undefined, folder)
  await write(greeting('p_name text', `'Bye ' || p_name`))
  await write(greeting('p_name text', 'p_nme', 'broken'), 'functions/usage/broken.sql')
  await expect(migrate(url, undefined, folder)).rejects.toThrow(
    /functions\/usage\/broken.sql failed: .*p_nme/,
  )
  expect(await answerOf(`answer('Ada')`)).toEqual({ answer: 'Hello Ada' })
})

test('a function with a new signature stands beside the old one, which callers of the release before use until it is retired', async () => {
  const old = greeting('p_name text', `'Hello ' || p_name`)
  const next = greeting('p_name text, p_title text', `'Hello ' || p_title || ' ' || p_name`)
  await write(old)
  await migrate(url, undefined, folder)

  await write(`${next}\n${old}`)
  await migrate(url, undefined, folder)
  expect(await answerOf(`answer(p_name => 'Ada')`)).toEqual({ answer: 'Hello Ada' })
  expect(await answerOf(`answer(p_name => 'Ada', p_title => 'Dr')`)).toEqual({
    answer: 'Hello Dr Ada',
  })

  // Gone from its file, it still serves; only retired.sql drops it.
  await write(next)
  await migrate(url, undefined, folder)
  expect(await answerOf(`answer(p_name => 'Ada')`)).toEqual({ answer: 'Hello Ada' })
  await retire('answer(text)')
  expect(await migrate(url, undefined, folder)).toEqual(['functions/retired.sql'])
  await expect(answerOf(`answer(p_name => 'Ada')`)).rejects.toThrow(/does not exist/)
  expect(await answerOf(`answer(p_name => 'Ada', p_title => 'Dr')`)).toMatchObject({})
})

test('a function whose file is gone is dropped once it is retired, and not before', async () => {
  await write(greeting('p_name text', `'Hello ' || p_name`))
  await migrate(url, undefined, folder)
  await rm(new URL(ANSWER, folder))
  expect(await migrate(url, undefined, folder)).toEqual([])
  expect(await answerOf(`answer('Ada')`)).toEqual({ answer: 'Hello Ada' })
  await retire('answer(text)')
  await migrate(url, undefined, folder)
  await expect(answerOf(`answer('Ada')`)).rejects.toThrow(/does not exist/)
})

test('a function that runs meanwhile ends as it began', async () => {
  await write(greeting('p_name text', `'Hello ' || p_name`))
  await migrate(url, undefined, folder)
  await withClient(async (client) => {
    await client.query('begin')
    await client.query(`select answer('Ada')`)
    await write(greeting('p_name text', `'Bye ' || p_name`))
    // Applying does not wait for the open transaction.
    await migrate(url, undefined, folder)
    await client.query('commit')
  })
  expect(await answerOf(`answer('Ada')`)).toEqual({ answer: 'Bye Ada' })
})
