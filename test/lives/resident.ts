import { setTimeout as wait } from 'node:timers/promises'
import type { World } from '../support/world.ts'
import type { Reply } from '../support/call.ts'
import type { Life } from './life.ts'
import { newCustomer, type Customer } from './oracle/customer.ts'

/** A simulated customer in a world. */
export type Resident = {
  readonly life: Life
  readonly user: string
  readonly email: string
  /** The state that the oracle expects. */
  readonly expected: Customer
  /** Their latest subscription. */
  subscriptionId: string | null
  /** Counts requests for idempotency keys; a retry reuses its key. */
  calls: number
  /** The keys of the calls that were confirmed as counted. */
  readonly counted: Set<string>
}

export const newResident = (life: Life, user: string): Resident => ({
  life,
  user,
  email: `${user}@example.com`,
  expected: newCustomer(),
  subscriptionId: null,
  calls: 0,
  counted: new Set(),
})

/** How long a caller retries after 5xx answers. */
const PATIENCE_MS = 120_000
const AGAIN_AFTER_MS = 100

/** Stripe rejected the request permanently: a final answer, which no life should get. */
const REJECTED = 502

type CallParts = readonly [method: string, path: string, body?: unknown]

/** The idempotency key of their latest call. */
export const latestNameOf = ({ user, calls }: Resident): string => `${user}-${calls}`

/** Calls as an application does: retries a call without an answer, under the same key. */
export async function callWithRetries(
  world: World,
  resident: Resident,
  [method, path, body]: CallParts,
  operator = false,
): Promise<Reply> {
  resident.calls += 1
  const key = latestNameOf(resident)
  return untilAnswered(`${method} ${path}`, () =>
    world.call(method, path, {
      user: resident.user,
      key,
      ...(body !== undefined && { body }),
      ...(operator && { headers: { authorization: 'Bearer bk_dev_operator' } }),
    }),
  )
}

/** The same for an operator, who is no resident. */
export const callAsOperator = (
  world: World,
  key: string | undefined,
  [method, path, body]: CallParts,
): Promise<Reply> =>
  untilAnswered(`${method} ${path}`, () =>
    world.call(method, path, {
      headers: { authorization: 'Bearer bk_dev_operator' },
      ...(key !== undefined && { key }),
      ...(body !== undefined && { body }),
    }),
  )

export const readWithRetries = (world: World, user: string, path: string): Promise<Reply> =>
  untilAnswered(`GET ${path}`, () => world.call('GET', path, { user }))

async function untilAnswered(what: string, ask: () => Promise<Reply>): Promise<Reply> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const reply = await orBroken(ask)
    if (reply !== undefined && (reply.status < 500 || reply.status === REJECTED)) return reply
    if (Date.now() > deadline)
      throw new Error(`${what} was never answered: ${JSON.stringify(reply?.body)}`)
    await wait(AGAIN_AFTER_MS)
  }
}

/** Undefined when the connection broke: only a retry shows whether the call was processed. */
async function orBroken(ask: () => Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
