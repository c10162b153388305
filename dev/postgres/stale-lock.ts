import { readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno } from '../errno.ts'
import { readIfPresent } from '../kept-file.ts'

/**
 * Removes the lock of a server that was killed. Postgres itself only asks whether a process with the noted id
 * exists, and refuses to start for as long as one does: a dead one that nobody has reaped, or a stranger who
 * was given the id after a reboot. A server that does run has `data` as its working directory; where the system
 * cannot tell that, the lock is left to Postgres.
 */
export async function dropStaleLock(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid')
  const [pid] = (await readIfPresent(lock))?.split('\n') ?? []
  if (pid === undefined || process.platform !== 'linux') return
  const directory = await readlink(`/proc/${pid}/cwd`).catch((error: unknown) => {
    // Nobody has the id, or nobody alive.
    if (isErrno(error, 'ENOENT', 'ESRCH')) return undefined
    // Another user's, so not a server of ours.
    if (isErrno(error, 'EACCES', 'EPERM')) return undefined
    throw error
  })
  if (directory !== (await realpath(data))) await rm(lock)
}
