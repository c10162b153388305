import type { Reply } from '../support/call.ts'
import type { World } from '../support/world.ts'
import type { Act } from './acts.ts'
import type { Decision } from './oracle/quota.ts'
import { DONE, type Outcome } from './outcome.ts'
import { callWithRetries, latestNameOf, type Resident } from './resident.ts'

export async function use(
  world: World,
  resident: Resident,
  { feature, amount, times }: Extract<Act, { kind: 'use' }>,
): Promise<Outcome> {
  const path = amount < 0 ? '/usage/release' : '/usage/consume'
  const body = { feature, amount: Math.abs(amount) }
  const decisions: Decision[] = []
  const first = resident.calls
  for (let sent = 0; sent < times; sent++) {
    // Reuse the idempotency key: retries must count once.
    resident.calls = first
    const reply = await callWithRetries(world, resident, ['POST', path, body])
    if (reply.status !== 200) return { code: reply.body.code }
    decisions.push(decisionOf(reply))
    if (reply.body.outcome === 'allowed') resident.counted.add(latestNameOf(resident))
  }
  return { code: null, decisions }
}

const decisionOf = ({ body }: Reply): Decision => {
  const { outcome, reason, used_amount: used } = body
  return { outcome, ...(reason && { reason }), ...(used !== undefined && { used }) }
}

/** Parallel calls, each with a separate key. */
export async function rush(
  world: World,
  resident: Resident,
  { feature, amount, callers }: Extract<Act, { kind: 'rush' }>,
): Promise<Outcome> {
  const replies = await Promise.all(
    Array.from({ length: callers }, async () => {
      const asking = callWithRetries(world, resident, [
        'POST',
        '/usage/consume',
        { feature, amount },
      ])
      const name = latestNameOf(resident)
      const reply = await asking
      if (reply.body.outcome === 'allowed') resident.counted.add(name)
      return reply
    }),
  )
  const problem = replies.find(({ status }) => status !== 200)
  if (problem !== undefined) return { code: problem.body.code }
  return { code: null, served: replies.filter(({ body }) => body.outcome === 'allowed').length }
}

/** Reserves, then settles; releases the hold if settling exceeds the quota. */
export async function hold(
  world: World,
  resident: Resident,
  { feature, amount, settles }: Extract<Act, { kind: 'hold' }>,
): Promise<Outcome> {
  const path = '/usage/reservations'
  const held = await callWithRetries(world, resident, ['POST', path, { feature, amount }])
  if (held.status !== 200) return { code: held.body.code }
  if (held.body.outcome === 'refused') return { code: null, decisions: [decisionOf(held)] }
  const own = `${path}/${held.body.reservation.id}`
  const settled = await callWithRetries(world, resident, ['PUT', own, { amount: settles }])
  if (settled.status !== 200) return { code: settled.body.code }
  if (settled.body.outcome === 'refused') await callWithRetries(world, resident, ['DELETE', own])
  return { code: null, decisions: [decisionOf(settled)] }
}

export async function grant(
  world: World,
  resident: Resident,
  { feature, amount }: Extract<Act, { kind: 'grant' }>,
): Promise<Outcome> {
  const body = { user_id: resident.user, feature, amount, reason: 'a life' }
  const reply = await callWithRetries(world, resident, ['POST', '/admin/grants', body], true)
  return reply.status < 300 ? DONE : { code: reply.body.code }
}
