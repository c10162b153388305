import { readdir, readFile } from 'node:fs/promises'
import { isErrno } from './errno.ts'

/**
 * Whether anything of a process group still runs. A killed process stays in its group until somebody has asked
 * how it ended. An orphan's is asked by the first process of the machine, in some containers late or never, so
 * where the system tells them apart those do not count.
 */
export async function isGroupAlive(group: number): Promise<boolean> {
  try {
    process.kill(-group, 0)
  } catch (error) {
    // EPERM: somebody else's, the number was given away.
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
    // Ended since the directory was read.
    if (isErrno(error, 'ENOENT', 'ESRCH')) return ''
    throw error
  })
  // PID (NAME) STATE PARENT GROUP …, and NAME may hold anything.
  const [letter, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return letter === undefined ? undefined : { group: Number(group), letter }
}
