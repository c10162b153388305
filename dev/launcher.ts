/** How often the parent process is checked; a check only reads a number. */
const POLL_MS = 500

/**
 * Calls `callback` when `npm`, which launched this process, has exited. `kill` on npm's process does not reach us:
 * npm sends signals to a shell between us, which exits without forwarding them. Only a process that npm launched is
 * bound to its parent; one started directly may be meant to outlive its shell.
 */
export function whenLauncherEnds(env: NodeJS.ProcessEnv, callback: () => void): void {
  if (env['npm_lifecycle_event'] === undefined) return
  const launcher = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === launcher) return
    clearInterval(timer)
    callback()
  }, POLL_MS)
  timer.unref()
}
