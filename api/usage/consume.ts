import type { ApiDependencies } from '../environment.ts'
import { countingRoute, type Counting } from './counting.ts'

/** The call that adds usage. */
export const CONSUME: Counting = {
  path: '/usage/consume',
  sign: 1,
  operationId: 'consumeUsage',
  schemaName: 'ConsumeRequest',
  summary: 'Count usage if the quota allows it',
  description:
    'Decides, counts and records the usage atomically. The outcome `refused` is no error: nothing was counted.',
  answered:
    'The committed outcome. A repeat with the same key returns the same outcome and counts nothing again.',
}

/** The route of calls that the short cut (`api/short-cuts/usage.ts`) does not answer. Both return the same bytes. */
export const consumeUsage = (dependencies: ApiDependencies) => countingRoute(dependencies, CONSUME)
