import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { banner } from './banner.ts'
import { openStackClock } from './clock.ts'
import { choosePorts, type StackContext } from './context.ts'
import { readStackEnvironment } from './environment.ts'
import { whenLauncherEnds } from './launcher.ts'
import { awaitLeftovers } from './leftovers.ts'
import { messageOf } from './message-of.ts'
import { createParts } from './parts.ts'
import { openSecrets } from './secrets.ts'
import { claimInstance } from './single-instance.ts'
import { instanceFileIn, removeStackFile, writeStackFile } from './stack-file.ts'
import { startStack } from './stack.ts'
import { startOnFreePorts } from './taken-ports.ts'

/** Terminal and npm may both deliver one Ctrl-C; a later signal is a new one. */
const SAME_SIGNAL_MS = 1_000

const parts = createParts()
const print = (line: string) => void process.stdout.write(`${line}\n`)
const state: { stoppingSince?: number } = {}

/** Stops all parts, the latest first, and exits. */
async function stop(status: number, why: string): Promise<void> {
  if (state.stoppingSince !== undefined) return
  state.stoppingSince = Date.now()
  print(`\n${why}`)
  try {
    if (!parts.isEmpty()) {
      print('Stopping …')
      await parts.stop()
      print('Stopped.')
    }
    process.exit(status)
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}

async function fail(error: unknown): Promise<void> {
  await stop(1, messageOf(error))
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    const since = state.stoppingSince
    // Second signal: exit immediately. The leashes end every process, as after a crash.
    if (since !== undefined && Date.now() - since > SAME_SIGNAL_MS) process.exit(1)
    void stop(0, `${signal}.`)
  })
}
whenLauncherEnds(process.env, () => void stop(0, 'npm has ended.'))
// The reader of the output has closed (`npm start | head`).
process.stdout.on('error', () => void stop(1, ''))

/** Starts the stack. If a part cannot start, the others are stopped. */
async function startAll(context: StackContext) {
  parts.add('stack', context.parts)
  try {
    return { context, stack: await startStack(context) }
  } catch (error) {
    await context.parts.stop()
    throw error
  }
}

async function start(): Promise<void> {
  if (process.platform === 'win32') throw new Error('Windows is supported through WSL only.')
  const environment = readStackEnvironment(process.env)
  const inState = (name: string) => join(environment.PERENNIAL_STATE, name)
  await mkdir(environment.PERENNIAL_STATE, { recursive: true })
  parts.add('claim', await claimInstance(instanceFileIn(environment.PERENNIAL_STATE)))
  await removeStackFile(environment.PERENNIAL_STATE)
  const { note } = await awaitLeftovers(inState('processes'), print)
  const common = {
    environment,
    clock: openStackClock(inState('clock.json')),
    secrets: await openSecrets(inState('secrets.json'), process.env),
    note,
    report: print,
    onGivingUp: (error: Error) => void fail(error),
  }
  const { context, stack } = await startOnFreePorts(await choosePorts(environment.PORT), {
    report: print,
    start: (ports) => startAll({ ...common, ports, parts: createParts() }),
  })
  await writeStackFile(environment.PERENNIAL_STATE, {
    databaseUrl: stack.database.url,
    temporalAddress: stack.temporal.address,
    temporalNamespace: environment.TEMPORAL_NAMESPACE,
    ...(stack.stripe.apiBase && { simulatorUrl: stack.stripe.apiBase }),
    smtpUrl: stack.mail.smtpUrl,
    clockFile: inState('clock.json'),
    jwtSecret: context.secrets.jwt,
    apiUrl: stack.apiUrl,
    mailUrl: stack.mail.pageUrl,
    ...(stack.temporal.uiUrl && { temporalUiUrl: stack.temporal.uiUrl }),
  })
  print(`\n${banner(context, stack, performance.now() / 1000)}`)
}

try {
  await start()
} catch (error) {
  await fail(error)
}
