import { createContainer } from '../../assembly/container.ts'
import {
  commonEnvironment,
  containerConfig,
  EnvironmentError,
  parseEnvironment,
} from '../../assembly/environment.ts'
import { readApiConfig } from '../../api/config.ts'
import { readWorkerConfig } from '../../worker/config.ts'
import { take, type Finding } from './check.ts'
import { checksOf } from './parts.ts'

/** Checks the configuration of both programs and each part, all in parallel. */
export async function examine(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const configuration = [
    read('configuration of the API', () => readApiConfig(env)),
    read('configuration of the worker', () => readWorkerConfig(env)),
  ]
  const common = settled(() => parseEnvironment(commonEnvironment, env))
  if (common instanceof EnvironmentError) return configuration
  const config = { ...containerConfig('doctor', common), logLevel: 'silent' }
  const container = createContainer(config)
  try {
    const checks = checksOf(container, config, env['PUBLIC_URL'])
    return [...configuration, ...(await Promise.all(checks.map(take)))]
  } finally {
    await container.close()
  }
}

function read(part: string, config: () => unknown): Finding {
  const found = settled(config)
  return found instanceof EnvironmentError
    ? {
        part,
        state: 'wrong',
        detail: found.message,
        fix: 'Set the variables that it names: see .env.example.',
      }
    : { part, state: 'ok', detail: 'complete', fix: null }
}

/** An invalid environment is a result here; any other error is a bug. */
function settled<T>(parse: () => T): T | EnvironmentError {
  try {
    return parse()
  } catch (error) {
    if (error instanceof EnvironmentError) return error
    throw error
  }
}
