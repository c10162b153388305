import { appendFile, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { readIfPresent } from './kept-file.ts'
import { isGroupAlive } from './process-group.ts'

/** Slightly longer than the longest grace period of a leash: by then it has killed all leftovers. */
const GONE_TIMEOUT_MS = 40_000
const POLL_MS = 50

/** The file of the process groups that this start creates. */
export type Leftovers = {
  /** Records a process group, so that the next start can wait for its end. */
  readonly note: (group: number) => Promise<void>
}

/**
 * Waits for the remaining processes of an earlier stack that was killed: its leashes are ending them, and until then
 * they hold ports and databases. `report` is called if the wait takes time.
 */
export async function awaitLeftovers(
  file: string,
  report: (line: string) => void,
): Promise<Leftovers> {
  const noted = (await readIfPresent(file)) ?? ''
  const deadline = Date.now() + GONE_TIMEOUT_MS
  let alive = await aliveAmong(noted.split('\n'))
  if (alive.length > 0) report('Waiting for the processes of an earlier start to end …')
  while (alive.length > 0 && Date.now() < deadline) {
    await pause(POLL_MS)
    alive = await aliveAmong(alive)
  }
  if (alive.length > 0) {
    // The id may belong to an unrelated process by now; if it does not, a port or a lock will fail.
    report(`Still running after ${GONE_TIMEOUT_MS / 1000} s, starting anyway: ${alive.join(', ')}`)
  }
  await writeFile(file, '')
  return { note: async (group) => await appendFile(file, `${group}\n`) }
}

async function aliveAmong(groups: readonly string[]): Promise<string[]> {
  const noted = groups.filter((group) => group !== '')
  const alive = await Promise.all(noted.map((group) => isGroupAlive(Number(group))))
  return noted.filter((_, index) => alive[index])
}
