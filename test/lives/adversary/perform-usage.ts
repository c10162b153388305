import type { World } from '../../support/world.ts'
import { askAsApplication, askAsCustomer, type Account } from './account.ts'
import type { CallOf } from './call.ts'
import { DONE, NOTHING, type Outcome } from './outcome.ts'
import { LINE_OF, type Feature } from './price-list.ts'

/** The amount used at once where there is no limit. */
const UNLIMITED = 20_000

/** Uses an amount; the service decides. */
export async function useUp(world: World, account: Account, made: CallOf<'use'>): Promise<Outcome> {
  const { feature, how = 'consume' } = made
  const amount = await amountFor(world, account, made)
  if (amount <= 0) return NOTHING
  const event = { feature, amount }
  const reply =
    how === 'consume'
      ? await askAsApplication(world, account, ['POST', '/usage/consume', event])
      : await askAsApplication(world, account, [
          'POST',
          '/usage/batch',
          { events: [{ ...event, idempotency_key: `${account.user}-event-${account.asked}` }] },
        ])
  const answer = how === 'consume' ? reply.body : reply.body.events?.[0]
  if (reply.status !== 200) return reply.body.code
  if (answer.outcome !== 'allowed') return answer.reason
  note(world, account, feature, amount, answer.used_amount)
  return DONE
}

export async function returnUsage(
  world: World,
  account: Account,
  { feature, amount }: CallOf<'return'>,
): Promise<Outcome> {
  const body = { feature, amount }
  const { status, body: answer } = await askAsApplication(world, account, [
    'POST',
    '/usage/release',
    body,
  ])
  if (status !== 200) return answer.code
  if (answer.outcome !== 'allowed') return answer.reason
  note(world, account, feature, -amount, answer.used_amount)
  return DONE
}

export async function holdUsage(
  world: World,
  account: Account,
  made: CallOf<'reserve'>,
): Promise<Outcome> {
  const { feature } = made
  const amount = await amountFor(world, account, made)
  if (amount <= 0) return NOTHING
  const path = '/usage/reservations'
  const { status, body } = await askAsApplication(world, account, [
    'POST',
    path,
    { feature, amount },
  ])
  if (status !== 200) return body.code
  if (body.outcome !== 'allowed') return body.reason
  account.held.push({ id: body.reservation.id, feature, amount })
  return DONE
}

export async function settleUsage(
  world: World,
  account: Account,
  { percent }: CallOf<'settle'>,
): Promise<Outcome> {
  const hold = account.held.shift()
  if (hold === undefined) return NOTHING
  const path = `/usage/reservations/${hold.id}`
  const amount = Math.floor((hold.amount * percent) / 100)
  const { status, body } =
    amount === 0
      ? await askAsApplication(world, account, ['DELETE', path])
      : await askAsApplication(world, account, ['PUT', path, { amount }])
  if (status !== 200) return body?.code ?? DONE
  if (body.outcome !== 'allowed') return body.reason
  // The application finishes what it began: that the part beyond the limit is recorded gives the customer nothing.
  const used = amount - (body.overage ?? 0)
  if (used > 0) note(world, account, hold.feature, used, body.used_amount)
  return DONE
}

/** The amount that is meant: `all` is what the customer sees as left. */
async function amountFor(
  world: World,
  account: Account,
  { feature, amount }: { readonly feature: Feature; readonly amount: number | 'all' },
): Promise<number> {
  if (amount !== 'all') return amount
  const path = `/usage?product_line=${LINE_OF[feature]}`
  const { status, body } = await askAsCustomer(world, account, ['GET', path])
  if (status !== 200) return 0
  const shown = body.features.find((each: { code: string }) => each.code === feature)
  return shown === undefined ? 0 : (shown.remaining ?? UNLIMITED)
}

function note(
  { clock }: World,
  { uses }: Account,
  feature: Feature,
  amount: number,
  usedAfter: number,
): void {
  uses.push({ feature, amount, at: clock.now().getTime(), usedAfter })
}
