import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { anyFreePort } from '../../dev/ports.ts'
import { postgresAccount } from '../../dev/postgres/account.ts'
import { postgresBinaries } from '../../dev/postgres/binaries.ts'
import { openCluster } from '../../dev/postgres/cluster.ts'
import { homeFor } from '../../dev/postgres/home.ts'
import { postgresUrl, startPostgres } from '../../dev/postgres/server.ts'
import { STATE } from '../../dev/project.ts'
import { findTemporalCli } from '../../dev/temporal/cli.ts'
import { startTemporal } from '../../dev/temporal/server.ts'

/** A real Postgres of our own: empty, on any free port, gone with this process. */
export type TestPostgres = {
  /** The URL of the database `postgres`, as superuser. */
  readonly url: string
  /** Stops the server and starts it again, on the same port and data. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** A real Temporal server of our own, in memory, able to skip time. */
export type TestTemporal = {
  /** `host:port`; the namespace is `default`. */
  readonly address: string
  readonly stop: () => Promise<void>
}

/** Nothing here has to survive a crash, so nothing waits for the disk. */
const FAST_SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
}

/** As an operator would run it: a commit is on the disk before it is answered. */
export const DURABLE_SETTINGS = { max_connections: '200' }

export async function startTestPostgres(
  settings: Readonly<Record<string, string>> = FAST_SETTINGS,
): Promise<TestPostgres> {
  const wanted = join(tmpdir(), `perennial-test-${randomUUID()}`)
  const account = await postgresAccount()
  const [binaries, home, port] = await Promise.all([
    postgresBinaries(account),
    homeFor(wanted, account),
    anyFreePort(),
  ])
  const cluster = await openCluster(home, binaries)
  const start = () => startPostgres({ home, cluster, binaries, port, settings })
  let server = await start()
  return {
    url: postgresUrl(port, cluster.password, 'postgres'),
    restart: async () => {
      await server.stop()
      server = await start()
    },
    stop: async () => {
      await server.stop()
      // Root's may be a symlink to a place that Postgres can reach.
      await rm(home.directory, { recursive: true })
      await rm(wanted, { force: true })
    },
  }
}

export async function startTestTemporal(): Promise<TestTemporal> {
  const [cli, port] = await Promise.all([
    findTemporalCli({ env: process.env, directory: STATE }),
    anyFreePort(),
  ])
  const server = await startTemporal({ cli: cli.path, port })
  return {
    address: `127.0.0.1:${port}`,
    stop: async () => {
      await server.stop()
    },
  }
}
