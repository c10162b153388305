import type { ApiDependencies } from '../environment.ts'
import { countingRoute, type Counting } from './counting.ts'

export const RELEASE: Counting = {
  path: '/usage/release',
  sign: -1,
  schemaName: 'ReleaseRequest',
  summary: 'Give back what is held, or correct what was counted',
  description:
    'For a seat that became free, and for usage that was counted by mistake. It is a line of the ledger with a negative amount, in the window that holds `occurred_at`. More than was used is refused as `more_than_used`; nothing goes below zero. Overage is given back first, then grants, then the limit itself. It needs no access: who may no longer use a seat may still free it.',
  answered:
    'The decision, committed. A repeat with the same key answers the same and gives nothing back.',
}

export const releaseUsage = (dependencies: ApiDependencies) => countingRoute(dependencies, RELEASE)
