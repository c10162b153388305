import { DefaultLogger, Runtime } from '@temporalio/worker'

let isRuntimeInstalled = false

/** The SDK tells of every worker that comes and goes; tests want to hear of failures only. */
export function quietRuntime(): void {
  if (!isRuntimeInstalled)
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
    })
  isRuntimeInstalled = true
}
