import type { World } from '../../support/world.ts'
import type { Finding } from '../finding.ts'
import type { Resident } from '../resident.ts'
import { agreesWithStripe } from './agrees-with-stripe.ts'
import { countersAreLedgers } from './counters-are-ledgers.ts'
import { countedOnce } from './counted-once.ts'
import { meteredOnce } from './metered-once.ts'
import { nothingIsLeft } from './nothing-is-left.ts'
import { nothingIsLost } from './nothing-is-lost.ts'
import { nothingTwice } from './nothing-twice.ts'
import { oneLiveEach } from './one-live-each.ts'
import { secondComparisonIsEmpty } from './second-comparison-is-empty.ts'
import { forwardedOnce } from './forwarded-once.ts'
import { workflowsAreOpen } from './workflows-are-open.ts'

/** A property that holds after any faults, checked from outside. Returns its violations in words. */
export type Invariant = (world: World, residents: readonly Resident[]) => Promise<string[]>

/** Each invariant with the kind of finding that a violation is. */
const INVARIANTS: readonly (readonly [Finding['kind'], Invariant])[] = [
  ['lost', nothingIsLeft],
  ['lost', nothingIsLost],
  ['other', countedOnce],
  ['twice', oneLiveEach],
  ['other', countersAreLedgers],
  ['other', meteredOnce],
  ['twice', nothingTwice],
  ['other', workflowsAreOpen],
  ['other', agreesWithStripe],
  ['other', secondComparisonIsEmpty],
]

/** Holds only if no event is lost on the way. */
const WHERE_NOTHING_IS_LOST: typeof INVARIANTS = [['lost', forwardedOnce]]

export async function checkInvariants(
  world: World,
  residents: readonly Resident[],
  losesNothing: boolean,
): Promise<Finding[]> {
  const broken: Finding[] = []
  for (const [kind, holds] of [...(losesNothing ? WHERE_NOTHING_IS_LOST : []), ...INVARIANTS])
    broken.push(...(await holds(world, residents)).map((sentence) => ({ kind, sentence })))
  return broken
}
