import { DefaultLogger, Runtime } from '@temporalio/worker'

let isRuntimeInstalled = false

/** The SDK logs the start and stop of each worker; tests need failures only. */
export function quietRuntime(): void {
  if (!isRuntimeInstalled)
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
    })
  isRuntimeInstalled = true
}
