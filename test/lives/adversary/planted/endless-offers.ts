import { subscriptionId } from '../../../../domain/ids.ts'
import type { Plant } from '../play.ts'

/** An offer ends only for subscriptions that are not to be canceled. */
export const endlessOffers: Plant = async ({ container }) => {
  const { catalogue, subscriptions } = container.repositories
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
