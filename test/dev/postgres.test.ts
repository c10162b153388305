import { randomUUID } from 'node:crypto'
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import type { Leashed } from '../../dev/leash.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { postgresAccount, type Account } from '../../dev/postgres/account.ts'
import { postgresBinaries } from '../../dev/postgres/binaries.ts'
import { openCluster } from '../../dev/postgres/cluster.ts'
import { ensureDatabase } from '../../dev/postgres/database.ts'
import { homeFor, SHARED_DIRECTORY } from '../../dev/postgres/home.ts'
import { canReach } from '../../dev/postgres/reach.ts'
import { postgresUrl, startPostgres } from '../../dev/postgres/server.ts'
import { nodeProgram, PROJECT } from '../../dev/project.ts'
import { run } from '../../dev/run.ts'

const isRoot = process.getuid?.() === 0
const cleanups: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean()
})

test('data survives a stop and a start', async () => {
  const wanted = temporaryPath()
  const first = await start(wanted)
  await query(first.url, 'create table kept as select 42 as value')
  await first.server.stop()

  const second = await start(wanted)
  expect(await query(second.url, 'select value from kept')).toEqual([{ value: 42 }])
})

test('committed data survives kill -9 of the whole server', async () => {
  const wanted = temporaryPath()
  const first = await start(wanted)
  await query(first.url, 'create table kept as select 42 as value')
  process.kill(-first.server.pid, 'SIGKILL')
  await first.server.exited

  const second = await start(wanted)
  expect(await query(second.url, 'select value from kept')).toEqual([{ value: 42 }])
})

test('a database is created once and found again', async () => {
  const { url } = await start(temporaryPath())
  const named = new URL(url)
  named.pathname = '/per"ennial'
  await ensureDatabase(named.href)
  await ensureDatabase(named.href)
  expect(await query(named.href, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('nobody connects without the password', async () => {
  const { url } = await start(temporaryPath())
  const wrong = new URL(url)
  wrong.password = 'wrong'
  await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
})

test('an interrupted creation of the database does not block the next start', async () => {
  const wanted = temporaryPath()
  const account = await postgresAccount()
  const { directory } = await homeFor(wanted, account)
  await mkdir(join(directory, 'data.unfinished', 'base'), { recursive: true })
  const { url } = await start(wanted)
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
})

describe.runIf(isRoot)('as root', () => {
  test('Postgres runs as nobody', async () => {
    const { server, url } = await start(temporaryPath())
    const [{ pid }] = (await query(url, 'select pg_backend_pid() as pid')) as [{ pid: number }]
    expect(pid).not.toBe(server.pid)
    const { uid } = await stat(`/proc/${server.pid}`)
    expect(uid).toBe((await postgresAccount())!.uid)
  })

  test('a private project directory keeps its modes, and its data is stored elsewhere', async () => {
    const locked = await mkdtemp(join(tmpdir(), 'perennial-locked-'))
    cleanups.push(() => rm(locked, { recursive: true }))
    await chmod(locked, 0o700)
    const wanted = join(locked, '.perennial', 'postgres')

    const first = await start(wanted)
    await query(first.url, 'create table kept as select 42 as value')
    await first.server.stop()
    expect((await stat(locked)).mode & 0o777).toBe(0o700)
    expect((await lstat(wanted)).isSymbolicLink()).toBe(true)
    expect(dirname(first.directory)).toBe(SHARED_DIRECTORY)

    const second = await start(wanted)
    expect(second.directory).toBe(first.directory)
    expect(await query(second.url, 'select value from kept')).toEqual([{ value: 42 }])
  })

  test('binaries that `nobody` cannot reach are copied once to a directory that it can', async () => {
    const nobody: Account = (await postgresAccount())!
    const outsider = { uid: nobody.uid, gid: nobody.gid }
    const { postgres } = await postgresBinaries(outsider)
    const version = await run({
      name: 'postgres',
      command: postgres,
      args: ['--version'],
      account: outsider,
      timeoutMs: 10_000,
    })
    expect(version).toMatch(/^postgres \(PostgreSQL\) 18\./)
  })

  test('a normal user gets a Postgres too', async ({ skip }) => {
    const nobody = (await postgresAccount())!
    // Root's clone may be in a private directory, such as `mktemp -d` makes.
    const isOpen = await canReach(nobody, PROJECT)
    skip(!isOpen, 'only root can enter the directory of this clone')
    const output = await run({
      name: 'as nobody',
      ...nodeProgram('test/dev/postgres-as-user.ts'),
      env: { PATH: process.env['PATH'], TMPDIR: tmpdir(), HOME: tmpdir() },
      account: nobody,
      timeoutMs: 60_000,
    })
    expect(output).toBe(`answered 1 as uid ${nobody.uid}`)
  })
})

function temporaryPath(): string {
  return join(tmpdir(), `perennial-test-${randomUUID()}`)
}

async function start(wanted: string): Promise<{ server: Leashed; url: string; directory: string }> {
  const account = await postgresAccount()
  const [binaries, home, port] = await Promise.all([
    postgresBinaries(account),
    homeFor(wanted, account),
    anyFreePort(),
  ])
  const cluster = await openCluster(home, binaries)
  const server = await startPostgres({ home, cluster, binaries, port, settings: {} })
  cleanups.push(async () => {
    await server.stop()
    await rm(home.directory, { recursive: true, force: true })
    await rm(wanted, { force: true })
  })
  expect(await readFile(join(cluster.data, 'PG_VERSION'), 'utf8')).toBe('18\n')
  return { server, url: postgresUrl(port, cluster.password, 'postgres'), directory: home.directory }
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<object>(sql)).rows
  } finally {
    await client.end()
  }
}
