import { run } from '../../dev/run.ts'
import { nodeProgram } from '../../dev/project.ts'
import { SETTING } from './setting.ts'

/** What one measurement sends. */
export type Load = {
  readonly kind: 'echo' | 'spread' | 'hot' | 'limited' | 'batch' | 'mixed' | 'webhook'
  readonly url: string
  /** Requests per second; as many as are answered when absent. */
  readonly rate?: number
  /** Whom webhooks are sent to: the service, or what only stands beside it. */
  readonly target?: 'api' | 'bare'
}

/** What came of it. */
export type Measured = {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** All that were sent, those of the warm-up, too. */
  readonly sent: number
}

/** A process that hangs is ended after this time. */
const OVERTIME_MS = 20_000

/** Sends a load from a process of its own, warm-up first. @throws when any answer is no 200. */
export async function send(load: Load): Promise<Measured> {
  const output = await run({
    name: `load ${load.kind}`,
    ...nodeProgram('test/bench/load-main.ts', JSON.stringify(load)),
    timeoutMs: (SETTING.warmUpSeconds + SETTING.seconds) * 1_000 + OVERTIME_MS,
  })
  return JSON.parse(output.slice(output.indexOf('{'))) as Measured
}
