import { inboxRowOf } from '../../../sync/inbox/inbox-row.ts'
import type { Invariant } from './all.ts'

/** More events than Stripe still lists. */
const ALL = { limit: 10_000 }

/** Each relevant event that Stripe still lists is in our inbox, delivered or not. */
export const nothingIsLost: Invariant = async ({ container, database, stripe, clock }) => {
  const events = await stripe.events.list({ limit: 100 }).autoPagingToArray(ALL)
  const ours = events.filter(
    (event) => inboxRowOf(event, container.inboxPolicy, clock.now()).verdict.state === 'received',
  )
  const { rows } = await database.pool.query<{ event_id: string }>(
    `select event_id from stripe_events where event_id = any ($1)`,
    [ours.map(({ id }) => id)],
  )
  const known = new Set(rows.map(({ event_id: id }) => id))
  return ours
    .filter(({ id }) => !known.has(id))
    .map(({ id, type }) => `${type} ${id} never came to our inbox`)
}
