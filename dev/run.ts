import { describeExit, spawnLeashed, type LeashOptions } from './leash.ts'

/** A short-lived program: killed with this process, or after `timeoutMs`. */
export type Run = Pick<LeashOptions, 'name' | 'command' | 'args' | 'cwd' | 'env' | 'account'> & {
  readonly timeoutMs: number
}

/** Killing a short program loses no data. */
const GRACE_SECONDS = 2

/** Runs a program until it exits and returns its output. @throws with that output if it fails. */
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
