import { readdir, readFile } from 'node:fs/promises'
import { isErrno } from './errno.ts'

/**
 * Whether any process of a group still runs. A killed process stays in its group until its parent reads its exit
 * status. For an orphan that is the machine's first process, which in some containers reads it late or never, so
 * zombies do not count where the system can distinguish them.
 */
export async function isGroupAlive(group: number): Promise<boolean> {
  try {
    process.kill(-group, 0)
  } catch (error) {
    // EPERM: the id was reused by another user's process.
    if (isErrno(error, 'ESRCH', 'EPERM')) return false
    throw error
  }
  if (process.platform !== 'linux') return true
  const entries = await readdir('/proc')
  const states = await Promise.all(entries.filter((name) => /^\d+$/.test(name)).map(stateOf))
  return states.some((state) => state?.group === group && state.letter !== 'Z')
}

async function stateOf(pid: string): Promise<{ group: number; letter: string } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch((error: unknown) => {
    // The process has ended since the directory was read.
    if (isErrno(error, 'ENOENT', 'ESRCH')) return ''
    throw error
  })
  // The format is PID (NAME) STATE PARENT GROUP …; NAME may contain any character.
  const [letter, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return letter === undefined ? undefined : { group: Number(group), letter }
}
