import { z } from 'zod'
import { commonEnvironment, containerConfig, parseEnvironment } from '../adapters/environment.ts'

const schema = commonEnvironment.extend({
  /** A bundle made by `npm run build`; without it the worker bundles the sources when it starts. */
  WORKFLOW_BUNDLE: z.string().optional(),
  CHECKOUT_MINUTES: z.coerce.number().int().min(30).max(1_440).default(1_440),
  PAST_DUE_GRACE_DAYS: z.coerce.number().int().min(0).max(365).default(7),
})

/** @throws with every variable that is missing or wrong. */
export function readWorkerConfig(environment: NodeJS.ProcessEnv) {
  const parsed = parseEnvironment(schema, environment)
  return {
    container: containerConfig('worker', parsed),
    workflowBundle: parsed.WORKFLOW_BUNDLE,
    clockFile: parsed.PERENNIAL_CLOCK_FILE,
    checkoutMinutes: parsed.CHECKOUT_MINUTES,
    accessPolicy: { graceDays: parsed.PAST_DUE_GRACE_DAYS },
  }
}
