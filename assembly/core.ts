import type { Repositories } from '../domain/repositories.ts'
import { TRIAL_LIMITS, type TrialLimit } from '../domain/subscription/trial-identity.ts'
import { createLogger, type Logger } from '../adapters/telemetry/logger.ts'
import { watchRepositories, type Watching } from '../adapters/telemetry/repositories.ts'
import type { Telemetry } from '../adapters/telemetry/telemetry.ts'
import type { ContainerConfig } from './container-config.ts'
import { createRepositories } from './repositories.ts'

/** The parts that all others use. */
export type Core = {
  readonly logger: Logger
  readonly telemetry: Telemetry | undefined
  readonly repositories: Repositories
  /** By what a person is recognized, who has one trial. */
  readonly trialOncePer: readonly TrialLimit[]
}

/** Creates the logger and the repositories, which all other parts use. */
export function createCore(config: ContainerConfig, watching: Watching | undefined): Core {
  const telemetry = watching?.telemetry
  const logger = createLogger({
    level: config.logLevel,
    name: config.name,
    fields: telemetry?.logFields,
  })
  telemetry?.onError((message) => logger.warn({ cause: message }, 'telemetry was not exported'))
  const stored = createRepositories(config.database, {
    name: config.name,
    onError: (error) => logger.warn({ err: error }, 'a database connection broke'),
    latenessMaxMs: config.usageLatenessMaxMs,
    trialSecrets: config.trials?.secrets,
    settlePolicy: config.settlePolicy,
    telemetry,
  })
  const repositories = watching === undefined ? stored : watchRepositories(stored, watching)
  return { logger, telemetry, repositories, trialOncePer: config.trials?.oncePer ?? TRIAL_LIMITS }
}
