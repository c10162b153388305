import { spawnLeashed, type Leashed } from '../leash.ts'
import { SEARCH_ATTRIBUTES } from './search-attributes.ts'

/** The ports, the namespace and the data of a dev server of Temporal. */
export type TemporalOptions = {
  /** The path of the Temporal CLI. */
  readonly cli: string
  readonly port: number
  /** Without a port the UI is not started. */
  readonly uiPort?: number
  /** Created if missing; `default` always exists. */
  readonly namespace?: string
  /** Without a file all data is in memory and lost at the end. */
  readonly databaseFile?: string
  readonly onLine?: (line: string) => void
}

/** A start takes about a second; the first start on a cold disk takes several. */
const READY_TIMEOUT_MS = 60_000
/** The time the server needs to release its shards and close its database. */
const GRACE_SECONDS = 10

/**
 * Lets a workflow pass months in seconds (`npm run advance`, tests): time skipping is allowed,
 * due timers fire immediately, and runs of one workflow may follow each other without a pause. By default a server
 * polls each queue at most 20 times a second, and each step of a workflow waits for such a poll.
 */
const TIME_SKIPPING = {
  'frontend.WorkflowTimeSkippingEnabled': 'true',
  'history.timerProcessorMaxTimeShift': '"1ms"',
  'history.continueAsNewMinInterval': '"1ms"',
  'history.workflowIdReuseMinimalInterval': '"1ms"',
  'system.workflowIdReuseMinimalInterval': '"1ms"',
  'history.timerProcessorMaxPollRPS': '1000',
  'history.transferProcessorMaxPollRPS': '1000',
  'history.visibilityProcessorMaxPollRPS': '1000',
} as const

/** Starts Temporal's dev server on 127.0.0.1 and resolves when it answers. */
export async function startTemporal(options: TemporalOptions): Promise<Leashed> {
  const server = spawnLeashed({
    name: 'Temporal',
    command: options.cli,
    args: serverArguments(options),
    stopSignal: 'TERM',
    graceSeconds: GRACE_SECONDS,
    ...(options.onLine && { onLine: options.onLine }),
  })
  try {
    await server.lineMatching(/^Temporal Server:/, READY_TIMEOUT_MS)
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

function serverArguments(options: TemporalOptions): string[] {
  const { port, uiPort, databaseFile, namespace = 'default' } = options
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)]
  args.push('--namespace', namespace)
  args.push('--log-level', 'warn')
  if (uiPort === undefined) args.push('--headless')
  else args.push('--ui-port', String(uiPort), '--ui-disable-news-fetch')
  if (databaseFile !== undefined) args.push('--db-filename', databaseFile)
  // Two to five times the throughput of SQLite's defaults; a crash of the machine, not of the server,
  // may lose the last moments.
  args.push(...pairs('--sqlite-pragma', { journal_mode: 'wal', synchronous: 'normal' }))
  args.push(...pairs('--search-attribute', SEARCH_ATTRIBUTES))
  args.push(...pairs('--dynamic-config-value', TIME_SKIPPING))
  return args
}

function pairs(flag: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`])
}
