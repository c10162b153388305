import type { CatalogueRepository } from '../../domain/catalogue/repository.ts'
import { offerEndKey } from '../../domain/keys.ts'
import type { PlanRepository } from '../../domain/catalogue/plan-repository.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { SubscriptionCommands } from './subscription-commands.ts'

/** One round takes this many; the next one is a day later, and periods are longer. */
const BATCH_MAX = 1_000

export type EndingOffers = {
  readonly catalogue: Pick<CatalogueRepository, 'listEndingOffers'>
  readonly plans: Pick<PlanRepository, 'findActive'>
  readonly moves: Pick<SubscriptionCommands, 'changePlan'>
  readonly logger: Logger
}

/**
 * Has those whose own version ends within their present period go back to the plan's version on sale when the period
 * ends. Running it twice finds the change pending. What cannot be, because nothing is on sale or must be bought first, is
 * logged for a person. Answers how many were asked.
 */
export async function endOffers(
  { catalogue, plans, moves, logger }: EndingOffers,
  at: Date,
): Promise<number> {
  const ending = await catalogue.listEndingOffers(at, BATCH_MAX)
  for (const { subscriptionId, planVersionId, slug, currency, periodEnd } of ending) {
    const next = await plans.findActive(slug, currency)
    const replyTo =
      next?.price.currency === currency &&
      (await moves.changePlan(
        { subscriptionId, commandId: offerEndKey(planVersionId, periodEnd) },
        {
          planVersionId: next.id,
          when: 'period_end',
          prorationDate: null,
          actor: 'operator',
          onlyFrom: planVersionId,
          cause: `the offer of ${slug} ends`,
        },
      ))
    if (replyTo === false || replyTo.kind !== 'answered' || replyTo.answer.kind !== 'done')
      logger.warn({ subscriptionId, slug, replyTo }, 'an offer ends and nothing follows it yet')
  }
  return ending.length
}
