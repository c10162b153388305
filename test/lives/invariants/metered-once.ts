import { meteredOf } from '../market.ts'
import type { Invariant } from './all.ts'

/** All billable usage beyond limits has reached Stripe's meter, exactly once. */
export const meteredOnce: Invariant = async (world, residents) => {
  const broken: string[] = []
  for (const { user, email, expected } of residents) {
    const customer = (await world.stripe.customers.list({ email, limit: 1 })).data[0]?.id
    if (customer === undefined) continue
    const counted = await meteredOf(world, customer)
    if (counted !== expected.metered)
      broken.push(`Stripe's meter says ${counted} of ${user}, not ${expected.metered}`)
  }
  return broken
}
