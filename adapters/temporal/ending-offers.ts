import type { CatalogueRepository } from '../../domain/catalogue/repository.ts'
import { offerEndKey } from '../../domain/keys.ts'
import type { PlanRepository } from '../../domain/catalogue/plan-repository.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { SubscriptionCommands } from './subscription-commands.ts'

/** Offers per round. The next round is a day later, and periods are longer than that. */
const BATCH_MAX = 1_000

/** The parts of `endOffers`. */
export type EndingOfferParts = {
  readonly catalogue: Pick<CatalogueRepository, 'listEndingOffers'>
  readonly plans: Pick<PlanRepository, 'findActive'>
  readonly commands: Pick<SubscriptionCommands, 'changePlan'>
  readonly logger: Logger
}

/**
 * Schedules a change to the version on sale for subscriptions whose custom version ends in the current period. Running it twice
 * finds the change pending. A change that is not possible, for instance without a version on sale, is logged for an operator.
 *
 * @returns the number of offers that end
 */
export async function endOffers(
  { catalogue, plans, commands, logger }: EndingOfferParts,
  at: Date,
): Promise<number> {
  const ending = await catalogue.listEndingOffers(at, BATCH_MAX)
  for (const { subscriptionId, planVersionId, slug, currency } of ending) {
    const next = await plans.findActive(slug, currency)
    const reply =
      next?.price.currency === currency &&
      (await commands.changePlan(
        { subscriptionId, commandId: offerEndKey(planVersionId, at) },
        {
          planVersionId: next.id,
          when: 'period_end',
          prorationDate: null,
          actor: 'operator',
          onlyFrom: planVersionId,
          cause: `the offer of ${slug} ends`,
        },
      ))
    if (reply === false || reply.kind !== 'answered' || reply.answer.kind !== 'done')
      logger.warn({ subscriptionId, slug, reply }, 'an offer ends without a plan to follow it')
  }
  return ending.length
}
