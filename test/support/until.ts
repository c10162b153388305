import { setTimeout as wait } from 'node:timers/promises'

/** The timeout of `until`, generous enough for a busy machine. */
const PATIENCE_MS = 30_000
/**
 * The first interval between checks; it grows by a quarter each time, up to the maximum. Polling thus takes little CPU
 * time from the code under test.
 */
const POLL_MS = 10
const POLL_MAX_MS = 60

/** Resolves as soon as `holds` returns true. @throws with `promise` after the timeout. */
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
