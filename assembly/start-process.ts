import { startTelemetry } from '../adapters/telemetry/start.ts'
import { readClock } from '../adapters/time/clock.ts'
import type { ContainerConfig } from './container-config.ts'
import { createContainer } from './container.ts'
import { explainFailure } from './failed-process.ts'
import { warningsOf } from './production.ts'

/** The configuration that every process has. `clockFile` is set on the embedded stack only. */
type ProcessConfig = {
  readonly container: ContainerConfig
  readonly clockFile?: string | undefined
}

/**
 * Starts what API and worker share: configuration, clock, telemetry and container. From then on a failure of the process is
 * explained.
 *
 * @param readConfig throws `EnvironmentError` with all that is wrong with the environment.
 */
export async function startProcess<Config extends ProcessConfig>(
  process: NodeJS.Process,
  env: NodeJS.ProcessEnv,
  readConfig: (env: NodeJS.ProcessEnv) => Config,
) {
  explainFailure(process)
  const config = readConfig(env)
  const clock = readClock(config.clockFile)
  const travellingClock = config.clockFile === undefined ? undefined : clock
  const telemetry = await startTelemetry(config.container.telemetry)
  const container = createContainer(
    { ...config.container, travellingClock },
    telemetry && { telemetry, clock },
  )
  for (const warning of warningsOf(env)) container.logger.warn(warning)
  return { config, clock, telemetry, container }
}

/** Calls `stop` with the reason when a signal arrives, or when the parent process ends. It may be called more than once. */
export function onStop(process: NodeJS.Process, stop: (reason: string) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(signal))
  // If the parent process has died, it can no longer send a signal.
  process.once('disconnect', () => stop('the parent process ended'))
}

/** Lets a process end that has stopped: an open channel to the parent process would keep it alive. */
export function closeParentChannel(process: NodeJS.Process): void {
  if (process.connected) process.disconnect()
}
