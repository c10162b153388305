import type { ApiDependencies } from '../environment.ts'
import { countingRoute, type Counting } from './counting.ts'

/** The call that returns usage. */
export const RELEASE: Counting = {
  path: '/usage/release',
  sign: -1,
  operationId: 'releaseUsage',
  schemaName: 'ReleaseRequest',
  summary: 'Return usage',
  description:
    'For a seat that became free, or usage that was counted by mistake. Records a negative amount in the window of `occurred_at`. Returning more than was used is refused as `more_than_used`. Overage is returned first, then grants, then the usage within the limit. It works without access, so that a user without access can still free a seat.',
  answered:
    'The committed outcome. A repeat with the same key returns the same outcome and changes nothing again.',
}

/** As `consumeUsage`, with a negative amount. */
export const releaseUsage = (dependencies: ApiDependencies) => countingRoute(dependencies, RELEASE)
