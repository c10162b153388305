import type { ApiDependencies } from '../environment.ts'
import { countingRoute, type Counting } from './counting.ts'

export const CONSUME: Counting = {
  path: '/usage/consume',
  sign: 1,
  schemaName: 'ConsumeRequest',
  summary: 'Count usage, if the quota allows it',
  description:
    'Decides, counts and records in one atomic statement. `refused` is an answer, not an error: nothing was counted.',
  answered:
    'The decision, committed. A repeat with the same key answers the same and counts nothing.',
}

export const consumeUsage = (dependencies: ApiDependencies) => countingRoute(dependencies, CONSUME)
