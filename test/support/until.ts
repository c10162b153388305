import { setTimeout as wait } from 'node:timers/promises'

/** What does not happen within this time on a busy machine does not happen. */
const PATIENCE_MS = 30_000
/**
 * Asked again after so long at first, then after a quarter longer each time, and so long at most: who waits takes no time
 * from who works.
 */
const POLL_MS = 10
const POLL_MAX_MS = 60

/** Resolves as soon as `holds` does. @throws with `promise` when it never does. */
export async function until(
  promise: string,
  holds: () => Promise<boolean>,
  patienceMs = PATIENCE_MS,
  pollMaxMs = POLL_MAX_MS,
): Promise<void> {
  const deadline = Date.now() + patienceMs
  for (let pause = POLL_MS; !(await holds()); pause = Math.min(pause * 1.25, pollMaxMs)) {
    if (Date.now() > deadline) throw new Error(`it never came true that ${promise}`)
    await wait(pause)
  }
}
