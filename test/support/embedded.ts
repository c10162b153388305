import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { anyFreePort } from '../../dev/ports.ts'
import { postgresAccount } from '../../dev/postgres/account.ts'
import { postgresBinaries } from '../../dev/postgres/binaries.ts'
import { openCluster } from '../../dev/postgres/cluster.ts'
import { homeFor } from '../../dev/postgres/home.ts'
import { postgresUrl, startPostgres } from '../../dev/postgres/server.ts'
import { STATE } from '../../dev/project.ts'
import { findTemporalCli } from '../../dev/temporal/cli.ts'
import type { Leashed } from '../../dev/leash.ts'
import { startTemporal } from '../../dev/temporal/server.ts'
import { mountSmallDisk } from './small-disk.ts'

/** A real Postgres server: empty, on any free port, stopped with this process. */
export type TestPostgres = {
  /** The URL of the database `postgres`, as superuser. */
  readonly url: string
  /** Stops the server and starts it again, on the same port and data. */
  readonly restart: () => Promise<void>
  /** As `restart`, but kills the server without a shutdown. */
  readonly kill: () => Promise<void>
  /** Fills the disk until `during` ends; undefined without a small disk. */
  readonly fillDisk: ((during: () => Promise<unknown>) => Promise<void>) | undefined
  readonly stop: () => Promise<void>
}

/** A real Temporal server, in memory, able to skip time. */
export type TestTemporal = {
  /** `host:port`; the namespace is `default`. */
  readonly address: string
  /** Kills the server and starts it again; its data survives only if it is persistent. */
  readonly kill: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** This data need not survive a crash, so writes skip fsync. */
const FAST_SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
}

/** With production settings: a commit is on disk before it is confirmed. */
export const DURABLE_SETTINGS = { max_connections: '200' }

export async function startTestPostgres(
  settings: Readonly<Record<string, string>> = FAST_SETTINGS,
  { smallDisk = false }: { readonly smallDisk?: boolean } = {},
): Promise<TestPostgres> {
  const wanted = join(tmpdir(), `perennial-test-${randomUUID()}`)
  const account = await postgresAccount()
  const [binaries, home, port] = await Promise.all([
    postgresBinaries(account),
    homeFor(wanted, account),
    anyFreePort(),
  ])
  const disk = smallDisk ? await mountSmallDisk(home) : undefined
  const cluster = await openCluster(home, binaries)
  const start = () => startPostgres({ home, cluster, binaries, port, settings })
  let server = await start()
  return {
    url: postgresUrl(port, cluster.password, 'postgres'),
    restart: async () => {
      await server.stop()
      server = await start()
    },
    kill: async () => {
      await killed(server)
      server = await start()
    },
    fillDisk:
      disk &&
      (async (during) => {
        await disk.fill(during)
        // Postgres shuts down if its log has no room; the caller that frees space restarts it.
        if (await hasEnded(server)) server = await start()
      }),
    stop: async () => {
      await server.stop()
      await disk?.unmount()
      // Root's may be a symlink to a place that Postgres can reach.
      await rm(home.directory, { recursive: true })
      await rm(wanted, { force: true })
    },
  }
}

export async function startTestTemporal({
  isKept = false,
}: { readonly isKept?: boolean } = {}): Promise<TestTemporal> {
  const [cli, port] = await Promise.all([
    findTemporalCli({ env: process.env, directory: STATE }),
    anyFreePort(),
  ])
  const directory = await mkdtemp(join(tmpdir(), 'perennial-temporal-'))
  const databaseFile = join(directory, 'temporal.db')
  const start = () => startTemporal({ cli: cli.path, port, ...(isKept && { databaseFile }) })
  let server = await start()
  return {
    address: `127.0.0.1:${port}`,
    kill: async () => {
      await killed(server)
      server = await start()
    },
    stop: async () => {
      await server.stop()
      await rm(directory, { recursive: true })
    },
  }
}

/** Kills the wrapper process too, so that it cannot request an orderly shutdown. */
async function killed({ pid, exited }: Leashed): Promise<void> {
  process.kill(-pid, 'SIGKILL')
  await exited
}

/** Time for a server on a full disk to notice and shut down. */
const GOING_DOWN_MS = 1_000

const hasEnded = ({ exited }: Leashed): Promise<boolean> =>
  Promise.race([exited.then(() => true), wait(GOING_DOWN_MS, false)])
