import { readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno } from '../errno.ts'
import { readIfPresent } from '../kept-file.ts'

/**
 * Removes the lock of a server that was killed. Postgres itself only checks whether a process with the recorded id
 * exists, and refuses to start while one does: a zombie, or an unrelated process that
 * received the id after a reboot. A running server has `data` as its working directory; where the system
 * cannot show that, the lock is left to Postgres.
 */
export async function dropStaleLock(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid')
  const [pid] = (await readIfPresent(lock))?.split('\n') ?? []
  if (pid === undefined || process.platform !== 'linux') return
  const directory = await readlink(`/proc/${pid}/cwd`).catch((error: unknown) => {
    // No process has the id, or only a zombie.
    if (isErrno(error, 'ENOENT', 'ESRCH')) return undefined
    // Another user's process, so not our server.
    if (isErrno(error, 'EACCES', 'EPERM')) return undefined
    throw error
  })
  if (directory !== (await realpath(data))) await rm(lock)
}
