import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { isErrno } from './errno.ts'
import { LEASH } from './leash-script.ts'
import type { Account } from './postgres/account.ts'

/** How a process ended: `code` is its exit status, or `signal` the signal that killed it. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A running program that cannot outlive this process. */
export type Leashed = {
  readonly name: string
  readonly pid: number
  /** Resolves when no process of the group is left; never rejects. After `stop` the result is always the leash's SIGKILL. */
  readonly exited: Promise<Exit>
  /** Stops the program, kills it after its grace period, and resolves when it is gone. Safe to call twice. */
  readonly stop: () => Promise<void>
  /** The last lines of its output, to explain why it ended. */
  readonly lastLines: () => readonly string[]
  /** Resolves at the first line (of any output) that matches; rejects if the program ends before that. */
  readonly lineMatching: (pattern: RegExp, timeoutMs: number) => Promise<string>
}

/** A program to start, the way to stop it, and the account that runs it (by default that of this process). */
export type LeashOptions = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** The signal that stops this program. Never INT for Go programs, see `leash-script.ts`. */
  readonly stopSignal: 'TERM' | 'INT'
  /** The grace period before the program is killed. */
  readonly graceSeconds: number
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly account?: Account | undefined
  readonly onLine?: (line: string) => void
}

const LAST_LINES_MAX = 12

/**
 * Starts a program on a leash: a small `sh` that kills it when this process closes a pipe or dies, even by
 * `kill -9`. It has its own session, so that Ctrl-C in the terminal reaches only us and we choose the order.
 */
export function spawnLeashed(options: LeashOptions): Leashed {
  const { name, command, args, stopSignal, graceSeconds } = options
  const child = spawn(
    '/bin/sh',
    ['-c', LEASH, 'leash', stopSignal, String(graceSeconds), command, ...args],
    {
      cwd: options.cwd ?? '/',
      detached: true,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      ...options.account,
    },
  )
  const lastLines: string[] = []
  const listeners = new Set<(line: string) => void>()
  const hear = (line: string) => {
    lastLines.push(line)
    if (lastLines.length > LAST_LINES_MAX) lastLines.shift()
    options.onLine?.(line)
    for (const listener of listeners) listener(line)
  }
  for (const output of [child.stdout, child.stderr]) {
    if (output) createInterface({ input: output }).on('line', hear)
  }
  const leash = child.stdio[3]
  if (!leash) throw new Error(`${name}: the leash has no pipe`)
  // The pipe breaks when the program exits; `exited` already reports that.
  leash.on('error', (error) => hear(`leash: ${error.message}`))

  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => {
      hear(error.message)
      resolve({ code: null, signal: null })
    })
    // The program has ended, or the leash was killed: no process of the group may survive. Children
    // of the program would also keep our pipes open.
    child.once('exit', () => {
      if (child.pid !== undefined) killGroup(child.pid)
    })
    child.once('close', (code, signal) => resolve({ code, signal }))
  })

  const lineMatching = (pattern: RegExp, timeoutMs: number) =>
    firstLine({ name, lastLines, listeners, exited }, pattern, timeoutMs)

  const stop = async () => {
    leash.destroy()
    await exited
  }
  return { name, pid: child.pid ?? 0, exited, stop, lastLines: () => lastLines, lineMatching }
}

type Output = Pick<Leashed, 'name' | 'exited'> & {
  readonly lastLines: readonly string[]
  readonly listeners: Set<(line: string) => void>
}

const firstLine = (
  { name, lastLines, listeners, exited }: Output,
  pattern: RegExp,
  timeoutMs: number,
) =>
  new Promise<string>((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer)
      listeners.delete(listen)
      act()
    }
    const listen = (line: string) => {
      if (pattern.test(line)) settle(() => resolve(line))
    }
    const fail = (why: string) =>
      settle(() => reject(new Error([`${name} ${why}`, ...lastLines].join('\n  '))))
    const timer = setTimeout(() => fail(`was not ready within ${timeoutMs} ms`), timeoutMs)
    listeners.add(listen)
    const seen = lastLines.find((line) => pattern.test(line))
    if (seen !== undefined) settle(() => resolve(seen))
    void exited.then((exit) => fail(`ended (${describeExit(exit)}) before it was ready`))
  })

/** The end of a process in words, such as `exit status 1` or `killed by SIGKILL`. */
export function describeExit({ code, signal }: Exit): string {
  if (signal !== null) return `killed by ${signal}`
  return code === null ? 'could not be started' : `exit status ${code}`
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    // Expected: no process of the group is left.
    if (!isErrno(error, 'ESRCH')) throw error
  }
}
