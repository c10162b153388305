import { spawnLeashed, type Leashed } from '../leash.ts'
import type { PostgresBinaries } from './binaries.ts'
import type { Cluster } from './cluster.ts'
import type { Home } from './home.ts'
import { dropStaleLock } from './stale-lock.ts'

/** The cluster to serve, the port on 127.0.0.1, and settings as in `postgresql.conf`. */
export type PostgresOptions = {
  readonly home: Home
  readonly cluster: Cluster
  readonly binaries: PostgresBinaries
  readonly port: number
  readonly settings: Readonly<Record<string, string>>
  readonly onLine?: (line: string) => void
}

/** After a crash Postgres replays its log before it accepts connections. */
const READY_TIMEOUT_MS = 60_000
/** A fast shutdown rolls back and writes one checkpoint; then Postgres is killed, which loses no data either. */
const GRACE_SECONDS = 10

/** Starts the server of a cluster on 127.0.0.1 and resolves when it accepts connections. */
export async function startPostgres(options: PostgresOptions): Promise<Leashed> {
  const { home, cluster, binaries, port } = options
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    // No socket: the account needs write access to its directory, and the kernel limits the path's length.
    unix_socket_directories: '',
    ...options.settings,
  }
  await dropStaleLock(cluster.data)
  const server = spawnLeashed({
    name: 'Postgres',
    command: binaries.postgres,
    args: [
      '-D',
      cluster.data,
      ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
    ],
    // SIGINT is Postgres's fast shutdown. SIGTERM would wait for every client to leave.
    stopSignal: 'INT',
    graceSeconds: GRACE_SECONDS,
    cwd: home.directory,
    account: home.account,
    ...(options.onLine && { onLine: options.onLine }),
  })
  try {
    await server.lineMatching(/database system is ready to accept connections/, READY_TIMEOUT_MS)
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

/** The URL of a database for the superuser `postgres` on this machine. The password must need no encoding. */
export function postgresUrl(port: number, password: string, database: string): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
}
