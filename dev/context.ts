import { join } from 'node:path'
import type { Clock } from '../domain/clock.ts'
import type { StackEnvironment } from './environment.ts'
import { keepRunning } from './keep-running.ts'
import type { Leashed } from './leash.ts'
import { openLogFile } from './log-file.ts'
import type { Parts } from './parts.ts'
import { freePort } from './ports.ts'
import type { StackSecrets } from './secrets.ts'
import { warningOf } from './warnings.ts'

/** The dependencies of every part of the stack. */
export type StackContext = {
  readonly environment: StackEnvironment
  readonly ports: Ports
  readonly clock: Clock
  readonly secrets: StackSecrets
  readonly parts: Parts
  /** Records a process group, so that the next start can wait for its end. */
  readonly note: (group: number) => Promise<void>
  /** Prints a line for the developer. */
  readonly report: (line: string) => void
  readonly onGivingUp: (error: Error) => void
}

/** The port of each part on this machine. */
export type Ports = Awaited<ReturnType<typeof choosePorts>>

/** The default port of each part; if it is in use, the part uses the next free one. */
export const USUAL_PORTS = {
  postgres: 5433,
  temporal: 7233,
  temporalUi: 8233,
  simulator: 12_111,
  mail: 8025,
  smtp: 1025,
} as const

/** Finds a free port for each part. @param apiPort the first port to try for the API. */
export async function choosePorts(apiPort: number) {
  return {
    api: await freePort(apiPort),
    postgres: await freePort(USUAL_PORTS.postgres),
    temporal: await freePort(USUAL_PORTS.temporal),
    temporalUi: await freePort(USUAL_PORTS.temporalUi),
    simulator: await freePort(USUAL_PORTS.simulator),
    mail: await freePort(USUAL_PORTS.mail),
    smtp: await freePort(USUAL_PORTS.smtp),
  }
}

/** A path in the state directory. */
export const statePath = (context: StackContext, ...names: string[]) =>
  join(context.environment.PERENNIAL_STATE, ...names)

/** Writes a part's output to its log file and prints its warnings. */
export function logOf(context: StackContext, name: string): (line: string) => void {
  const write = openLogFile(statePath(context, 'logs', `${name}.log`))
  return (line) => {
    write(line)
    const warning = warningOf(line)
    if (warning !== undefined) context.report(`${name}: ${warning}`)
  }
}

/** Starts a process of the stack: restarted after a crash, stopped with the stack. */
export async function startProcess(
  context: StackContext,
  name: string,
  start: () => Promise<Leashed>,
): Promise<void> {
  const { report, onGivingUp, note } = context
  const startNoted = async () => {
    const process = await start()
    await note(process.pid)
    return process
  }
  context.parts.add(name, await keepRunning({ name, start: startNoted, report, onGivingUp }))
}
