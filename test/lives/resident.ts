import { setTimeout as wait } from 'node:timers/promises'
import type { World } from '../support/world.ts'
import type { Reply } from '../support/call.ts'
import type { Life } from './life.ts'
import { newPerson, type Person } from './oracle/person.ts'

/** Somebody who lives a life in a world. */
export type Resident = {
  readonly life: Life
  readonly user: string
  readonly email: string
  /** What the oracle says they must be. */
  readonly person: Person
  /** Their latest subscription. */
  subscriptionId: string | null
  /** Each request has a name of its own, the same each time that it is repeated. */
  asked: number
  /** The names of the calls of which they were told that they are counted. */
  readonly counted: Set<string>
}

export const newResident = (life: Life, user: string): Resident => ({
  life,
  user,
  email: `${user}@example.com`,
  person: newPerson(),
  subscriptionId: null,
  asked: 0,
  counted: new Set(),
})

/** So long somebody goes on asking who is told to come again later. */
const PATIENCE_MS = 120_000
const AGAIN_AFTER_MS = 100

/** Stripe will never do it as asked: an answer, and one that no life should ever get. */
const REJECTED = 502

type CallParts = readonly [method: string, path: string, body?: unknown]

/** The name of their latest call. */
export const latestNameOf = ({ user, asked }: Resident): string => `${user}-${asked}`

/** Calls as an application does: what was not answered is asked again under the same name. */
export async function askPatiently(
  world: World,
  resident: Resident,
  [method, path, body]: CallParts,
  operator = false,
): Promise<Reply> {
  resident.asked += 1
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

/** The same, of an operator, in whose name nobody lives. */
export const askAsOperator = (
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

export const readPatiently = (world: World, user: string, path: string): Promise<Reply> =>
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

/** Undefined when the connection broke: whether anything was done is what the repeat tells. */
async function orBroken(ask: () => Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
