import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { isLive, type Status } from '../../../domain/subscription/subscription.ts'
import { HELD } from './personal-data.ts'

/** Why a user cannot be erased. */
export type Refused =
  | { readonly kind: 'unknown' }
  /** These subscriptions are live, and would continue to charge the customer. */
  | { readonly kind: 'live'; readonly subscriptionIds: readonly string[] }

/** A user who can be erased. */
export type Erasable = {
  /** All subscriptions have ended. */
  readonly kind: 'over'
  readonly stripeCustomerId: string | null
  readonly subscriptionIds: readonly string[]
}

/** `alias` replaces the id in the rows that are kept; `rows` counts the changed and deleted rows by table. */
export type Erased = {
  readonly kind: 'erased'
  readonly alias: string
  readonly rows: Readonly<Record<string, number>>
}

/** Whether a user can be erased, and which customer must be deleted at Stripe first. */
export const findErasable = (databaseUrl: string, userId: string): Promise<Erasable | Refused> =>
  withClient(databaseUrl, (client) => erasable(client, userId))

/** Erases a user's rows in one transaction. A second call returns `unknown`. */
export const eraseRows = (
  databaseUrl: string,
  userId: string,
  at: Date,
): Promise<Erased | Refused> =>
  withClient(databaseUrl, async (client) => {
    await client.query('begin')
    // A concurrent checkout waits for this row, and then creates a new one.
    await client.query('select from customers where user_id = $1 for update', [userId])
    const found = await erasable(client, userId)
    if (found.kind !== 'over') return found
    const alias = `erased/${randomUUID()}`
    await client.query('insert into customers (user_id, created_at) values ($1, $2)', [alias, at])
    const rows: Record<string, number> = {}
    for (const [table, { erase }] of Object.entries(HELD)) {
      if (erase === undefined) continue
      const values = erase.includes('$2') ? [userId, alias] : [userId]
      const { rowCount } = await client.query(erase, values)
      rows[table] = rowCount ?? 0
    }
    await client.query('commit')
    return { kind: 'erased', alias, rows }
  })

/** Ending the connection rolls back what was not committed. */
async function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>) {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'perennial-user',
  })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function erasable(client: pg.Client, userId: string): Promise<Erasable | Refused> {
  const customers = await client.query<{ stripe_customer_id: string | null }>(
    'select stripe_customer_id from customers where user_id = $1',
    [userId],
  )
  const [customer] = customers.rows
  if (customer === undefined) return { kind: 'unknown' }
  const { rows } = await client.query<{ id: string; status: Status }>(
    'select id, status from subscriptions where user_id = $1',
    [userId],
  )
  const live = rows.filter(({ status }) => isLive(status)).map(({ id }) => id)
  if (live.length > 0) return { kind: 'live', subscriptionIds: live }
  return {
    kind: 'over',
    stripeCustomerId: customer.stripe_customer_id,
    subscriptionIds: rows.map(({ id }) => id),
  }
}
