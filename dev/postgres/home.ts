import { createHash } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, realpath, rmdir, stat, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isErrno } from '../errno.ts'
import type { Account } from './account.ts'
import { canReach } from './reach.ts'

/** Root's data directory for files that `nobody` must reach, if `nobody` cannot reach the project. */
export const SHARED_DIRECTORY = '/var/lib/perennial'

/** A directory of the cluster, and the account that runs its programs. */
export type Home = { readonly directory: string; readonly account: Account | undefined }

/**
 * The directory at `wanted`, created if missing, accessible to `account`. Root's clone may lie in a
 * directory that only root can enter. We do not change the user's permissions: the data goes to
 * `/var/lib/perennial/` instead and `wanted` becomes a symlink to it.
 */
export async function homeFor(wanted: string, account: Account | undefined): Promise<Home> {
  const existing = await realpath(wanted).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  })
  if (existing !== undefined)
    return { directory: existing, account: await ownerOf(existing, account) }

  await mkdir(dirname(wanted), { recursive: true })
  await mkdir(wanted, { mode: 0o700 })
  if (!account) return { directory: wanted, account }
  await chown(wanted, account.uid, account.gid)
  if (await canReach(account, wanted)) return { directory: wanted, account }

  await rmdir(wanted)
  await mkdir(SHARED_DIRECTORY, { recursive: true })
  await chmod(SHARED_DIRECTORY, 0o755)
  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 12)
  // Not only the hash of the path: a new clone at the same path starts with its own data.
  const directory = await mkdtemp(join(SHARED_DIRECTORY, `${hash}-`))
  await chown(directory, account.uid, account.gid)
  await symlink(directory, wanted)
  return { directory, account }
}

/** If root finds data of a normal user, Postgres must run as that user. */
async function ownerOf(directory: string, account: Account | undefined) {
  if (!account) return undefined
  const { uid, gid } = await stat(directory)
  return uid === 0 ? account : { uid, gid }
}
