import type { SubscriptionLine } from '../../domain/operator/figures.ts'
import type { Repositories } from '../../domain/repositories.ts'
import { amountText } from './amount.ts'
import type { Csv } from './csv.ts'

type Filter = Parameters<Repositories['figures']['search']>[0]

/** The results of a search for subscriptions as a file, newest first. */
export const subscriptionsCsv = (
  { figures }: Pick<Repositories, 'figures'>,
  filter: Filter,
): Csv<SubscriptionLine> => ({
  read: (last, limit) => figures.search(filter, { after: last?.id, limit }),
  columns: [
    ['subscription_id', ({ id }) => id],
    ['user_id', ({ userId }) => userId],
    ['status', ({ status }) => status],
    ['plan', ({ plan }) => plan.slug],
    ['quantity', ({ quantity }) => quantity],
    ['mrr', ({ mrrMinor, currency }) => Number(amountText(mrrMinor, currency))],
    ['currency', ({ currency }) => currency],
    ['trial_end', ({ trialEnd }) => trialEnd],
    ['period_end', ({ periodEnd }) => periodEnd],
    ['cancels_at', ({ cancelAt }) => cancelAt],
    ['ended_at', ({ endedAt }) => endedAt],
    ['created_at', ({ createdAt }) => createdAt],
  ],
})
