import type { ConsumeOutcome, ConsumeRequest } from '../../../domain/usage/usage.ts'
import { isDeadlock } from '../../failures/database.ts'
import type { Operations, RowOf } from './port.ts'
import { isKeyCollision } from './usage-rows.ts'

/** The events of one usage counter, in the order of their requests. */
type Group = {
  readonly user: string
  readonly feature: string
  readonly events: { readonly index: number; readonly amount: number; readonly sum: number }[]
  total: number
  isPlain: boolean
}

/**
 * Counts the plain requests of a batch by `consume_usage_plainly`: all events of a counter, or none of them.
 * @returns the outcomes by the index of the request. The other requests, and those that met a concurrent write, are left
 * to `consume_usage`.
 */
export async function consumePlainly(
  operations: Operations,
  requests: readonly ConsumeRequest[],
  at: Date,
): Promise<Map<number, ConsumeOutcome>> {
  const outcomes = new Map<number, ConsumeOutcome>()
  const groups = groupsOf(requests).filter(({ isPlain }) => isPlain)
  if (groups.length === 0) return outcomes
  for (const row of await count(operations, requests, groups, at)) {
    const group = groups[row.counter - 1]
    if (group === undefined) throw new Error(`consume_usage_plainly returned ${row.counter}`)
    for (const { index, sum } of group.events)
      outcomes.set(index, {
        kind: 'allowed',
        repeated: false,
        counter: {
          usedAmount: row.used_amount + sum,
          quotaLimit: row.quota_limit,
          remaining: row.own_left === null ? null : row.own_left - sum,
          windowStart: row.window_start,
          windowEnd: row.window_end,
        },
      })
  }
  return outcomes
}

/**
 * A group is plain if each of its events uses a positive amount now, under a key that comes once in the batch. Amounts
 * that are released, late events and repeated keys need the full decision.
 */
function groupsOf(requests: readonly ConsumeRequest[]): Group[] {
  const groups = new Map<string, Group>()
  const byKey = new Map<string, Group>()
  requests.forEach(({ userId, feature, key, amount, occurredAt }, index) => {
    // Neither the id of a user nor the code of a feature contains a NUL.
    const name = `${userId}\0${feature}`
    let group = groups.get(name)
    if (group === undefined) {
      group = { user: userId, feature, events: [], total: 0, isPlain: true }
      groups.set(name, group)
    }
    group.total += amount
    group.isPlain &&= amount > 0 && occurredAt === undefined && Number.isSafeInteger(group.total)
    group.events.push({ index, amount, sum: group.total })
    const event = `${userId}\0${key}`
    const first = byKey.get(event)
    if (first === undefined) byKey.set(event, group)
    else first.isPlain = group.isPlain = false
  })
  return [...groups.values()]
}

async function count(
  operations: Operations,
  requests: readonly ConsumeRequest[],
  groups: readonly Group[],
  at: Date,
): Promise<RowOf<'consume_usage_plainly'>[]> {
  const events = groups.flatMap((group, place) =>
    group.events.map((event) => ({ ...event, counter: place + 1 })),
  )
  try {
    return await operations.rows('consume_usage_plainly', {
      p_now: at,
      p_users: groups.map(({ user }) => user),
      p_features: groups.map(({ feature }) => feature),
      p_totals: groups.map(({ total }) => total),
      p_counters: events.map(({ counter }) => counter),
      p_keys: events.map(({ index }) => requests[index]?.key ?? ''),
      p_amounts: events.map(({ amount }) => amount),
      p_sums: events.map(({ sum }) => sum),
    })
  } catch (error) {
    if (isKeyCollision(error) || isDeadlock(error)) return []
    throw error
  }
}
