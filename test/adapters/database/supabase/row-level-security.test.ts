import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'
import { tokenOf } from '../../../support/postgrest.ts'
import { A_POLICY, aWrite, storeActive } from '../../../support/rows.ts'

/** Columns that a user's token may read, in rows whose first column names the user. */
const OF_A_USER: Readonly<Record<string, string>> = {
  customers: 'user_id,email,name',
  subscriptions: 'user_id,status,period_end',
  subscription_changes: 'subscription_id,seq,kind,cause',
  invoices: 'subscription_id,amount_due_minor',
  feature_usage: 'subscription_id,used_amount,quota_limit',
  usage_events: 'subscription_id,amount,outcome',
  usage_reservations: 'subscription_id,amount,state',
  usage_grants: 'user_id,amount,used_amount',
  usage_overrides: 'user_id,quota_limit',
}
/** Columns that everybody may read, in rows that are on sale. */
const ON_SALE: Readonly<Record<string, string>> = {
  plans: 'slug,name,rank',
  plan_versions: 'version,price_minor,currency',
  plan_features: 'quota_limit,reset',
  features: 'code,name',
}
/** Tables for the service only. A new table must be listed here or above; see `migrations/0010_access.sql`. */
const CLOSED = [
  'api_keys',
  'catalogue_changes',
  'decisions',
  'drift_findings',
  'idempotency_keys',
  'notices',
  'operator_actions',
  'page_sessions',
  'plan_migration_items',
  'plan_migration_sources',
  'plan_migrations',
  'reconciliation_runs',
  'reconciliation_seen',
  'schema_functions',
  'schema_migrations',
  'trial_identities',
  'status_transitions',
  'stripe_catalogue',
  'stripe_events',
  'stripe_pace',
  'stripe_pace_classes',
  'stripe_prices',
  'sync_cursors',
  'usage_alerts',
  'usage_grant_draws',
  'usage_overage_due',
  'usage_overage_reports',
  'usage_sums',
  'webhook_deliveries',
  'webhook_endpoints',
  'webhook_events',
]
const AT = new Date('2026-01-31T10:00:00.000Z')

let database: TestDatabase
let ada: { readonly user: string; readonly subscription: string; readonly token: string }
let bob: typeof ada
beforeAll(async () => {
  database = await createDatabase({ kind: 'supabase' })
  ada = await aUser('ada')
  bob = await aUser('bob, "the"(builder)')
})
afterAll(() => database.close())

/** A user with a row in each table of `OF_A_USER`. */
async function aUser(user: string) {
  const { repositories, pool } = database
  const active = await storeActive(repositories, { user, at: AT })
  const { id: subscription } = active
  const facts = { status: 'active', planVersionId: active.planVersionId } as never
  await repositories.subscriptions.save(
    aWrite(active, { at: AT, changes: [{ kind: 'renewed', before: null, after: facts }] }),
  )
  await pool.query(
    `insert into invoices (id, subscription_id, status, currency, amount_due_minor, amount_paid_minor, period_start,
      period_end, attempt_count, created_at) values ($1, $2, 'open', 'usd', 2000, 0, $3, $3, 0, $3)`,
    [`in_${randomUUID()}`, subscription, AT],
  )
  const of = { userId: user, feature: 'messages_sent' }
  await repositories.usage.consume([{ ...of, key: 'one', amount: 1 }], AT)
  const expiresAt = new Date(AT.getTime() + 60_000)
  await repositories.usage.hold({ ...of, key: 'held', id: randomUUID(), amount: 1, expiresAt }, AT)
  const act = { at: AT, keyId: randomUUID() }
  const given = { ...of, expiresAt: null, reason: 'a word among operators' }
  await repositories.usageExtras.grant({ ...given, id: randomUUID(), amount: 5 }, act)
  await repositories.usageExtras.setOverride({ ...given, quotaLimit: 7 }, act)
  return { user, subscription, token: await tokenOf({ role: 'authenticated', sub: user }) }
}

const ask = (path: string, token: string | undefined, init: RequestInit = {}) =>
  fetch(`${database.supabase!.url}/rest/v1/${path}`, {
    ...init,
    headers: {
      apikey: 'whatever the gateway takes',
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
  })

type Rows = Readonly<Record<string, unknown>>[]
async function rowsOf(path: string, token?: string): Promise<Rows> {
  const answer = await ask(path, token)
  if (!answer.ok) throw new Error(`${path} is ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Rows
}
const statusOf = async (...request: Parameters<typeof ask>) => (await ask(...request)).status

describe('every table', () => {
  const tables = async () => {
    const { rows } = await database.pool.query<{ name: string; is_closed: boolean }>(
      `select relname as name, relrowsecurity as is_closed from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
    )
    return rows
  }

  test('is listed as readable by users, readable if on sale, or closed', async () => {
    const names = (await tables()).map(({ name }) => name)
    const decided = [...Object.keys(OF_A_USER), ...Object.keys(ON_SALE), ...CLOSED]
    expect(names.filter((name) => !name.startsWith('usage_events_'))).toEqual(decided.toSorted())
  })

  test('has row-level security, and so has each partition of the ledger, old or new', async () => {
    await database.repositories.retention.tidy(A_POLICY, new Date('2031-01-01T00:00:00Z'))
    const all = await tables()
    expect(all.map(({ name }) => name)).toContain('usage_events_2031_02')
    expect(all.filter(({ is_closed }) => !is_closed)).toEqual([])
  })

  test('refuses writes of users, and reads without a policy', async () => {
    const { rows } = await database.pool.query(
      `select c.relname, r.role, p.privilege from pg_class c
       cross join (values ('anon'), ('authenticated')) as r(role)
       cross join (values ('select'), ('insert'), ('update'), ('delete'), ('truncate'), ('references'), ('trigger'))
         as p(privilege)
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'S')
         and (case when c.relkind = 'S' then has_sequence_privilege(r.role, c.oid, 'usage')
              else has_table_privilege(r.role, c.oid, p.privilege) end)`,
    )
    expect(rows).toEqual([])
  })
})

test('users can call only the function that returns their own id', async () => {
  const { rows } = await database.pool.query<{ name: string }>(
    `select distinct p.proname as name from pg_proc p cross join (values ('anon'), ('authenticated')) as r(role)
     where p.pronamespace = 'public'::regnamespace and has_function_privilege(r.role, p.oid, 'execute')`,
  )
  expect(rows.map(({ name }) => name)).toEqual(['requesting_user_id'])
  const body = JSON.stringify({ p_slug: null })
  for (const token of [undefined, ada.token])
    expect(await statusOf('rpc/read_catalogue', token, { method: 'POST', body })).toBeOneOf([
      401, 403,
    ])
})

describe('a user’s token', () => {
  test.each(Object.entries(OF_A_USER))(
    'reads the user’s own rows of %s and no others',
    async (table, columns) => {
      const path = `${table}?select=${columns}`
      const owner = columns.split(',')[0]!
      const own = ({ user, subscription }: typeof ada) =>
        owner === 'user_id' ? user : subscription
      for (const who of [ada, bob]) {
        const rows = await rowsOf(path, who.token)
        expect(new Set(rows.map((row) => row[owner]))).toEqual(new Set([own(who)]))
      }
      expect(await rowsOf(`${path}&${owner}=eq.${own(ada)}`, bob.token)).toEqual([])
    },
  )

  test.each([
    'usage_grants?select=reason',
    'usage_overrides?select=reason',
    'subscriptions?select=drift',
    'customers?select=stripe_customer_id',
    'usage_events?select=idempotency_key',
    ...[...CLOSED, 'usage_events_default'].map((table) => `${table}?select=*`),
  ])('does not see %s', async (path) => {
    expect(await statusOf(path, ada.token)).toBe(403)
  })

  test.each([...Object.entries(OF_A_USER), ...Object.entries(ON_SALE)])(
    'changes nothing in %s',
    async (table, columns) => {
      const body = JSON.stringify({ [columns.split(',')[0]!]: null })
      for (const method of ['POST', 'PATCH', 'DELETE'])
        expect(await statusOf(table, ada.token, { method, body })).toBe(403)
    },
  )

  test('that is forged, expired, or names another role is refused', async () => {
    const secret = new TextEncoder().encode('another secret of more than 32 characters')
    const claims = { role: 'authenticated', sub: 'ada' }
    const service = await tokenOf({ role: 'service_role', sub: 'ada' }, { secret })
    const postgres = await tokenOf({ role: 'postgres', sub: 'ada' })
    for (const token of [
      await tokenOf(claims, { secret }),
      await tokenOf(claims, { expires: '-1 minute' }),
      service,
      `${ada.token.split('.').slice(0, 2).join('.')}.`,
      'nonsense',
    ])
      expect(await statusOf('customers?select=user_id', token)).toBe(401)
    expect(await statusOf('customers?select=user_id', postgres)).toBeOneOf([401, 403])
  })

  test('without a subject sees no rows', async () => {
    const withoutSubject = await tokenOf({ role: 'authenticated' })
    for (const [table, columns] of Object.entries(OF_A_USER))
      expect(await rowsOf(`${table}?select=${columns}`, withoutSubject)).toEqual([])
  })
})

describe('without a token', () => {
  test.each(Object.entries(ON_SALE))(
    '%s is readable as far as it is on sale',
    async (table, columns) => {
      expect((await rowsOf(`${table}?select=${columns}`)).length).toBeGreaterThan(0)
    },
  )

  test.each([...Object.keys(OF_A_USER), ...CLOSED])('%s is not', async (table) => {
    expect(await statusOf(`${table}?select=*`, undefined)).toBe(401)
  })

  test('only its user sees a version made for one user, and nobody sees a draft', async () => {
    const act = { at: AT, by: 'test' }
    const terms = {
      period: 'monthly' as const,
      priceMinor: 4_321,
      currency: 'usd',
      trialDays: 0,
      features: [],
    }
    const { catalogue } = database.repositories
    const [feature] = (await catalogue.findPlan('plan_free'))!.versions[0]!.features
    const offered = { ...terms, features: [feature!] }
    const offer = { userId: 'ada', until: null, reason: 'a pilot' }
    await catalogue.offer('plan_enterprise', offered, offer, act)
    await catalogue.createDraft('plan_enterprise', { ...terms, priceMinor: 9_876 }, act)
    const seenBy = (price: number, token?: string) =>
      rowsOf(`plan_versions?select=version&price_minor=eq.${price}`, token)
    expect(await seenBy(4_321, ada.token)).toHaveLength(1)
    for (const token of [bob.token, undefined]) expect(await seenBy(4_321, token)).toEqual([])
    for (const token of [ada.token, undefined]) expect(await seenBy(9_876, token)).toEqual([])
  })
})
