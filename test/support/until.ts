import { setTimeout as wait } from 'node:timers/promises'

/** What does not happen within this time on a busy machine does not happen. */
const PATIENCE_MS = 30_000
const POLL_MS = 10

/** Resolves as soon as `holds` does. @throws with `promise` when it never does. */
export async function until(
  promise: string,
  holds: () => Promise<boolean>,
  patienceMs = PATIENCE_MS,
  pollMs = POLL_MS,
): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it never came true that ${promise}`)
    await wait(pollMs)
  }
}
