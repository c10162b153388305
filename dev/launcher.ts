/** How soon the end of the launcher is noticed; asking is a read of a number. */
const POLL_MS = 500

/**
 * Calls back when `npm`, which launched this process, is gone. `kill` on npm's process does not reach us: npm
 * passes signals to a shell between us, which ends without handing them on. Only a process that npm launched is
 * bound to its parent; one started directly may well be meant to outlive its shell.
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
