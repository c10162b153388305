import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnLeashed } from '../../dev/leash.ts'
import { anyFreePort } from '../../dev/ports.ts'
import { postgresAccount } from '../../dev/postgres/account.ts'

const PATH = process.env['PGBOUNCER'] ?? '/usr/sbin/pgbouncer'
const READY_TIMEOUT_MS = 15_000
/** Fewer than there are callers, so that they share. */
const SERVER_CONNECTIONS = 3

/** Whether PgBouncer is installed; prints one line if it is not. */
export function hasPgbouncer(): boolean {
  const isThere = existsSync(PATH)
  if (!isThere)
    process.stderr.write(
      `The tests of transaction poolers are skipped, because there is no PgBouncer at ${PATH}: ` +
        'apt-get install pgbouncer, or name another one in PGBOUNCER.\n',
    )
  return isThere
}

/** A PgBouncer before a Postgres, in transaction pooling mode with few connections. */
export async function startPgbouncer(
  postgresUrl: string,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const { port: target, username, password } = new URL(postgresUrl)
  const [port, account] = await Promise.all([anyFreePort(), postgresAccount()])
  const directory = await mkdtemp(join(tmpdir(), 'perennial-pgbouncer-'))
  const config = join(directory, 'pgbouncer.ini')
  await writeFile(
    config,
    `[databases]
* = host=127.0.0.1 port=${target} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${SERVER_CONNECTIONS}
`,
  )
  await chmod(directory, 0o755)
  const program = spawnLeashed({
    name: 'pgbouncer',
    command: PATH,
    args: [config],
    stopSignal: 'INT',
    graceSeconds: 2,
    account,
  })
  await program.lineMatching(/process up/, READY_TIMEOUT_MS)
  return {
    port,
    stop: async () => {
      await program.stop()
      await rm(directory, { recursive: true })
    },
  }
}
