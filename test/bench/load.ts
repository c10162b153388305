import { run } from '../../dev/run.ts'
import { nodeProgram } from '../../dev/project.ts'
import { SETTING } from './setting.ts'

/** The input of one measurement. */
export type Load = {
  readonly kind: 'echo' | 'spread' | 'check' | 'hot' | 'limited' | 'batch' | 'mixed' | 'webhook'
  readonly url: string
  /** Requests per second; unlimited when absent. */
  readonly rate?: number
  /** The receiver of the webhooks: the service, or the bare reference. */
  readonly target?: 'api' | 'bare'
}

/** The result of a measurement. */
export type Measured = {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** All requests, including those of the warm-up. */
  readonly sent: number
}

/** A process that hangs is killed after this time. */
const OVERTIME_MS = 20_000

/** Sends a load from a separate process, warm-up first. @throws when any answer is not 200. */
export async function send(load: Load): Promise<Measured> {
  const output = await run({
    name: `load ${load.kind}`,
    ...nodeProgram('test/bench/load-main.ts', JSON.stringify(load)),
    timeoutMs: (SETTING.warmUpSeconds + SETTING.seconds) * 1_000 + OVERTIME_MS,
  })
  return JSON.parse(output.slice(output.indexOf('{'))) as Measured
}
