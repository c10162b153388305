import type { World } from '../../support/world.ts'
import type { Resident } from '../resident.ts'
import { agreesWithStripe } from './agrees-with-stripe.ts'
import { countersAreLedgers } from './counters-are-ledgers.ts'
import { nothingIsLeft } from './nothing-is-left.ts'
import { nothingTwice } from './nothing-twice.ts'
import { oneLiveEach } from './one-live-each.ts'
import { secondComparisonIsEmpty } from './second-comparison-is-empty.ts'
import { workflowsAreOpen } from './workflows-are-open.ts'

/** What holds whatever happened, asked from outside. Answers what does not hold, in words. */
export type Invariant = (world: World, residents: readonly Resident[]) => Promise<string[]>

const INVARIANTS: readonly Invariant[] = [
  nothingIsLeft,
  oneLiveEach,
  countersAreLedgers,
  nothingTwice,
  workflowsAreOpen,
  agreesWithStripe,
  secondComparisonIsEmpty,
]

export async function checkInvariants(
  world: World,
  residents: readonly Resident[],
): Promise<string[]> {
  const broken: string[] = []
  for (const holds of INVARIANTS) broken.push(...(await holds(world, residents)))
  return broken
}
