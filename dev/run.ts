import { describeExit, spawnLeashed, type LeashOptions } from './leash.ts'

/** A program that is meant to end: killed with this process, and after `timeoutMs`. */
export type Run = Pick<LeashOptions, 'name' | 'command' | 'args' | 'cwd' | 'env' | 'account'> & {
  readonly timeoutMs: number
}

/** Short programs lose nothing when killed. */
const GRACE_SECONDS = 2

/** Runs a program to its end and returns its output; throws with that output when it fails. */
export async function run({ timeoutMs, ...options }: Run): Promise<string> {
  const lines: string[] = []
  const program = spawnLeashed({
    ...options,
    stopSignal: 'TERM',
    graceSeconds: GRACE_SECONDS,
    onLine: (line) => lines.push(line),
  })
  const state = { timedOut: false }
  const timer = setTimeout(() => {
    state.timedOut = true
    void program.stop()
  }, timeoutMs)
  const exit = await program.exited
  clearTimeout(timer)
  if (state.timedOut) throw new Error(`${options.name} took longer than ${timeoutMs / 1000} s`)
  if (exit.code !== 0) {
    throw new Error([`${options.name}: ${describeExit(exit)}`, ...lines].join('\n'))
  }
  return lines.join('\n')
}
