import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeProgram } from '../../../dev/project.ts'
import { spawnLeashed } from '../../../dev/leash.ts'

/** Requests that a process of its own sends again and again, one after another, with this many callers at a time. */
export type Flooding = { readonly callers: number; readonly requests: readonly Request[] }
export type Request = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** Bodies that never end, on this many connections at a time. */
export type Unfinished = {
  readonly connections: number
  readonly url: string
  readonly bytes: number
}

/** The callers of a flood have machines of their own: here they get the time that the service leaves. */
export const NICE = 10
/** A refused caller waits as `Retry-After` says. */
export const RETRY_AFTER_MS = 1_000
const START_TIMEOUT_MS = 10_000

/**
 * Floods until the signal aborts. The measured calls are sent by this process: on one event loop, they would wait for
 * the flood's own work.
 */
export const flood = (flooding: Flooding, signal: AbortSignal): Promise<void> =>
  runUntil(signal, 'test/bench/floods/flood-main.ts', flooding)

export const floodUnfinished = (unfinished: Unfinished, signal: AbortSignal): Promise<void> =>
  runUntil(signal, 'test/bench/floods/unfinished-main.ts', unfinished)

async function runUntil(signal: AbortSignal, script: string, input: object): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'perennial-flood-'))
  const file = join(folder, 'flooding.json')
  await writeFile(file, JSON.stringify(input))
  const process = spawnLeashed({
    name: 'flood',
    ...nodeProgram(script, file),
    stopSignal: 'TERM',
    graceSeconds: 0,
  })
  await process.lineMatching(/flooding/, START_TIMEOUT_MS)
  await endOf(signal)
  await process.stop()
  await rm(folder, { recursive: true })
}

export const endOf = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
