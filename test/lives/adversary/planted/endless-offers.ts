import { subscriptionId } from '../../../../domain/ids.ts'
import type { Plant } from '../play.ts'

/** An offer ends by the daily round alone, and only for subscriptions that are not to be canceled. */
export const endlessOffers: Plant = async ({ container }) => {
  const { catalogue, plans, subscriptions } = container.repositories
  const { findByStripePrice, getVersion } = plans
  const endless: Pick<typeof plans, 'findByStripePrice' | 'getVersion'> = {
    findByStripePrice: async (id) => {
      const found = await findByStripePrice(id)
      return found && { ...found, offerEndsAt: null }
    },
    getVersion: async (id) => ({ ...(await getVersion(id)), offerEndsAt: null }),
  }
  Object.assign(plans, endless)
  const list = catalogue.listEndingOffers.bind(catalogue)
  const without: typeof list = async (at, limit) => {
    const ending = await list(at, limit)
    const states = await Promise.all(
      ending.map((each) => subscriptions.find(subscriptionId(each.subscriptionId))),
    )
    return ending.filter((_, index) => states[index]?.cancelAt === null)
  }
  Object.assign(catalogue, { listEndingOffers: without })
}
