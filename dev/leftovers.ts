import { appendFile, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { readIfPresent } from './kept-file.ts'
import { isGroupAlive } from './process-group.ts'

/** A little more than the longest grace of a leash: whatever was left behind has been killed by then. */
const GONE_TIMEOUT_MS = 40_000
const POLL_MS = 50

export type Leftovers = {
  /** Notes a process group, so that the start after this one can wait for its end. */
  readonly note: (group: number) => Promise<void>
}

/**
 * Waits for what an earlier stack that was killed still has running: its leashes are ending it, and until then
 * it holds ports and databases. `report` hears of it when that takes time.
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
    // A number may have been given to a stranger since; if not, a port or a lock will tell.
    report(`Still running after ${GONE_TIMEOUT_MS / 1000} s, going on: ${alive.join(', ')}`)
  }
  await writeFile(file, '')
  return { note: async (group) => await appendFile(file, `${group}\n`) }
}

async function aliveAmong(groups: readonly string[]): Promise<string[]> {
  const noted = groups.filter((group) => group !== '')
  const alive = await Promise.all(noted.map((group) => isGroupAlive(Number(group))))
  return noted.filter((_, index) => alive[index])
}
