import type { Plant } from '../play.ts'
import { asAnOperator } from './as-an-operator.ts'
import { countersOfEach } from './counters-of-each.ts'
import { creditedPause } from './credited-pause.ts'
import { endlessOffers } from './endless-offers.ts'
import { namesOfOurs } from './names-of-ours.ts'
import { trialOfEach } from './trial-of-each.ts'

/**
 * The mistakes that the adversary found, each planted around the product, with the saved sequences that show it. A mistake
 * stays here when its repair lands, and proves that the adversary would find it again.
 */
export const PLANTED: readonly {
  readonly plant: Plant
  readonly sequences: readonly string[]
}[] = [
  { plant: namesOfOurs, sequences: ['a-name-of-ours'] },
  {
    plant: asAnOperator,
    sequences: ['trial-of-a-dear-plan', 'trial-that-grows', 'credit-of-a-downgrade'],
  },
  { plant: countersOfEach, sequences: ['free-again'] },
  { plant: creditedPause, sequences: ['credit-of-a-pause'] },
  { plant: endlessOffers, sequences: ['offer-for-good'] },
  { plant: trialOfEach, sequences: ['trial-of-each-account', 'trial-of-the-same-card'] },
]
