import { randomBytes } from 'node:crypto'
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfPresent } from '../kept-file.ts'
import { run } from '../run.ts'
import type { PostgresBinaries } from './binaries.ts'
import type { Home } from './home.ts'

/** A database cluster on disk: its data directory and the password of its only user, `postgres`. */
export type Cluster = { readonly data: string; readonly password: string }

/** initdb takes 1–4 s on a small machine; a longer run has hung. */
const INITDB_TIMEOUT_MS = 120_000
/** Printing a version is immediate. */
const VERSION_TIMEOUT_MS = 10_000

/**
 * The cluster in `home`, created at the first start. It is created in another directory and renamed when complete,
 * so that an interrupted start leaves no directory that looks like a database.
 */
export async function openCluster(home: Home, binaries: PostgresBinaries): Promise<Cluster> {
  const data = join(home.directory, 'data')
  const passwordFile = join(home.directory, 'password')
  const version = await readIfPresent(join(data, 'PG_VERSION'))
  if (version === undefined) return await createCluster(home, binaries)
  const programs = await run({
    name: 'postgres --version',
    command: binaries.postgres,
    args: ['--version'],
    account: home.account,
    timeoutMs: VERSION_TIMEOUT_MS,
  })
  if (!programs.includes(` ${version.trim()}.`)) {
    throw new Error(
      `The data in ${data} is of Postgres ${version.trim()}, the programs are ${programs}. ` +
        'Move that directory away to start with an empty database.',
    )
  }
  return { data, password: (await readFile(passwordFile, 'utf8')).trim() }
}

async function createCluster(home: Home, binaries: PostgresBinaries): Promise<Cluster> {
  const data = join(home.directory, 'data')
  const unfinished = join(home.directory, 'data.unfinished')
  const passwordFile = join(home.directory, 'password')
  const password = randomBytes(16).toString('hex')
  await rm(unfinished, { recursive: true, force: true })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (home.account) await chown(passwordFile, home.account.uid, home.account.gid)
  await run({
    name: 'initdb',
    command: binaries.initdb,
    args: initdbArguments(unfinished, passwordFile),
    cwd: home.directory,
    account: home.account,
    timeoutMs: INITDB_TIMEOUT_MS,
  })
  await rename(unfinished, data)
  return { data, password }
}

function initdbArguments(data: string, passwordFile: string): string[] {
  const args = ['--pgdata', data, '--username', 'postgres', '--no-sync', '--no-instructions']
  // The builtin locale sorts and folds case identically on every platform.
  args.push('--encoding', 'UTF8', '--locale', 'C')
  args.push('--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8')
  // Other users of this machine can also connect to 127.0.0.1. The password is random, so one iteration
  // is enough, and a connection costs little more than without a password.
  args.push('--auth', 'scram-sha-256', '--pwfile', passwordFile, '--set', 'scram_iterations=1')
  return args
}
