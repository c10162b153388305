import type { World } from '../../support/world.ts'
import type { CommandRequest } from '../simple-commands.ts'
import { askAsCustomer, type Account } from './account.ts'
import { DONE, NOTHING, type Outcome } from './outcome.ts'
import type { Line } from './price-list.ts'

type OfLine = { readonly line?: Line | undefined }

/** Sends a command for the account's subscription of a product line, with the customer's own token. */
export async function command(
  world: World,
  account: Account,
  { line = 'main' }: OfLine,
  [method, path, body]: CommandRequest,
  key?: string,
): Promise<Outcome> {
  const id = account.subscriptions.get(line)
  if (id === undefined) return NOTHING
  const full = `/subscriptions/${id}${path}`
  const reply = await askAsCustomer(world, account, [method, full, body], key)
  return reply.status < 300 ? DONE : reply.body.code
}

/** Notes that the account has the free plan of a line from now on. */
export const noteFree = (world: World, { freeSince }: Account, line: Line): void => {
  if (!freeSince.has(line)) freeSince.set(line, world.clock.now().getTime())
}
