import { setTimeout as pause } from 'node:timers/promises'
import { describeExit, type Leashed } from './leash.ts'
import { messageOf } from './message-of.ts'
import type { Part } from './parts.ts'

/** A program to keep running, and the functions that learn of its crashes. */
export type KeepRunningOptions = {
  readonly name: string
  readonly start: () => Promise<Leashed>
  /** Called with one line for every crash and restart. */
  readonly report: (line: string) => void
  /** Called once, if restarting has not helped. */
  readonly onGivingUp: (error: Error) => void
}

/** Milliseconds before each restart. After the last one, a restart cannot fix the problem. */
const BACKOFF_MS = [250, 500, 1_000, 2_000, 4_000] as const
/** The maximum length of each shown line of a crashed program; its log file has the whole lines. */
const LINE_LENGTH_MAX = 200
/** A program that has run this long has recovered: the next crash counts as the first. */
const RECOVERED_MS = 60_000

/**
 * Starts a program and restarts it whenever it exits unexpectedly, with increasing pauses and a limited number of
 * times. Every process of the stack runs this way, databases included: all of them keep their state on disk and
 * their clients reconnect, so a crash costs seconds instead of the session.
 */
export async function keepRunning(options: KeepRunningOptions): Promise<Part> {
  const stopping = new AbortController()
  const state = { current: await options.start(), restarts: 0 }
  const watching = watch(options, state, stopping.signal)
  return {
    stop: async () => {
      stopping.abort()
      await state.current.stop()
      await watching
    },
  }
}

type State = { current: Leashed; restarts: number }

async function watch(options: KeepRunningOptions, state: State, stopping: AbortSignal) {
  const { name, report } = options
  for (;;) {
    const since = Date.now()
    const exit = await state.current.exited
    if (stopping.aborted) return
    if (Date.now() - since > RECOVERED_MS) state.restarts = 0
    report(`${name} ended (${describeExit(exit)}), starting it again`)
    for (const line of state.current.lastLines()) report(`  ${line.slice(0, LINE_LENGTH_MAX)}`)
    const next = await restart(options, state, stopping)
    if (next === undefined) return
    state.current = next
    if (stopping.aborted) return await next.stop()
    report(`${name} is back`)
  }
}

async function restart(
  { name, start, report, onGivingUp }: KeepRunningOptions,
  state: State,
  stopping: AbortSignal,
): Promise<Leashed | undefined> {
  for (;;) {
    const backoff = BACKOFF_MS[state.restarts]
    if (backoff === undefined) {
      onGivingUp(new Error(`${name} keeps ending, also after ${state.restarts} restarts`))
      return undefined
    }
    state.restarts += 1
    try {
      await pause(backoff, undefined, { signal: stopping })
      return await start()
    } catch (error) {
      if (stopping.aborted) return undefined
      report(messageOf(error))
    }
  }
}
