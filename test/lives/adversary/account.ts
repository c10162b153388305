import { SignJWT } from 'jose'
import type { Reply } from '../../support/call.ts'
import type { World } from '../../support/world.ts'
import type { Feature, Line } from './price-list.ts'

/** The secret that signs the users' tokens of these worlds. */
export const TOKEN_SECRET = 'a secret of the adversary, of enough letters'
/** The clocks of these worlds move by years. */
const TOKEN_YEARS = 40
const YEAR_S = 31_557_600

/** Usage that the service allowed; a negative amount was returned. */
export type Use = {
  readonly feature: Feature
  readonly amount: number
  readonly at: number
  /** The amount used after it, as the service says. */
  readonly usedAfter: number
}
export type Held = { readonly id: string; readonly feature: Feature; readonly amount: number }

/** One account of a customer: what they hold, and what they got. */
export type Account = {
  readonly user: string
  readonly email: string
  /** Two spellings of an address are one mailbox. */
  readonly mailbox: string
  /** The card's fingerprint. */
  readonly card: string
  readonly token: string
  readonly subscriptions: Map<Line, string>
  readonly uses: Use[]
  readonly held: Held[]
  /** When they first had the free plan of a line. */
  readonly freeSince: Map<Line, number>
  readonly pauses: { readonly from: number; to: number | null }[]
  /** Disputed invoices, and the instants. */
  readonly disputed: Map<string, number>
  /** Whether the application opened a page that asks for no card. */
  askedForNoCard: boolean
  /** When an operator's offer ends. */
  offerEndsAt: number | null
  /** The `proration_date` of the first preview that they had. */
  firstPreview: string | null
  asked: number
}

/** The accounts of one person: all have the same card, and the first two the same mailbox. */
export async function newAccounts(name: string): Promise<Account[]> {
  const mailbox = `${name}@example.com`
  const emails = [mailbox, `${name}+again@example.com`, `other.${name}@example.org`]
  return Promise.all(
    emails.map(async (email, index) => {
      const user = `${name}-${index}`
      return {
        user,
        email,
        mailbox: index < 2 ? mailbox : email,
        card: `fp-${name}`,
        token: await tokenOf(user, email),
        subscriptions: new Map(),
        uses: [],
        held: [],
        freeSince: new Map(),
        pauses: [],
        disputed: new Map(),
        askedForNoCard: false,
        offerEndsAt: null,
        firstPreview: null,
        asked: 0,
      }
    }),
  )
}

function tokenOf(user: string, email: string): Promise<string> {
  return new SignJWT({
    sub: user,
    email,
    exp: Math.floor(Date.now() / 1000) + TOKEN_YEARS * YEAR_S,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(TOKEN_SECRET))
}

type Parts = readonly [method: string, path: string, body?: unknown]

/** A call with the customer's own token. */
export function askAsCustomer(
  world: World,
  account: Account,
  [method, path, body]: Parts,
  key?: string,
): Promise<Reply> {
  account.asked += 1
  return world.call(method, path, {
    headers: { authorization: `Bearer ${account.token}` },
    ...(method !== 'GET' && { key: key ?? `${account.user}-${account.asked}` }),
    ...(body !== undefined && { body }),
  })
}

/** A call of the application, which counts what the customer does. */
export function askAsApplication(
  world: World,
  account: Account,
  [method, path, body]: Parts,
): Promise<Reply> {
  account.asked += 1
  return world.call(method, path, {
    user: account.user,
    key: `${account.user}-${account.asked}`,
    ...(body !== undefined && { body }),
  })
}
