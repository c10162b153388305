import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../../../adapters/database/postgres/audit.ts'
import { migrate } from '../../../../adapters/database/postgres/migrate.ts'
import { createPool } from '../../../../adapters/database/postgres/pool.ts'
import { createPostgresRepositories } from '../../../../adapters/database/postgres/repositories.ts'
import {
  createDatabase,
  createEmptyDatabase,
  type TestDatabase,
} from '../../../support/database.ts'
import { declaredColumns } from '../../../support/declared-columns.ts'

const FOLDER = new URL('../../../../migrations/', import.meta.url)
const MIGRATIONS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.sql'))
  .sort()
const fail = (error: Error) => {
  throw error
}
const AT = new Date('2026-11-10T12:00:00Z')

let latest: TestDatabase
beforeAll(async () => {
  latest = await createDatabase()
})
afterAll(() => latest.close())

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Everything that a migration can leave behind, in words. */
const SCHEMA = `
  select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
    || ' ' || coalesce(column_default, '') as line
  from information_schema.columns where table_schema = 'public'
  union all
  select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  from pg_constraint where connamespace = 'public'::regnamespace
  union all
  select 'index ' || indexdef from pg_indexes where schemaname = 'public'
  union all
  select 'trigger ' || tgrelid::regclass || ' ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
  union all
  select 'function ' || pg_get_functiondef(oid) from pg_proc
  where pronamespace = 'public'::regnamespace and prokind = 'f'
  order by 1`

const schemaOf = (url: string) =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ line: string }>(SCHEMA)
    // Which months have a partition is the day's business.
    return rows.map(({ line }) => line).filter((line) => !/usage_events_\d{4}_\d{2}/.test(line))
  })

describe('an empty database', () => {
  test('has the same schema after one run, after two at once and after another', async () => {
    const { url } = await createEmptyDatabase()
    const runs = await Promise.all([migrate(url), migrate(url), migrate(url)])
    expect(runs.flat().sort()).toEqual(MIGRATIONS)
    expect(await migrate(url)).toEqual([])
    expect(await schemaOf(url)).toEqual(await schemaOf(latest.url))
  })
})

/** A subscriber as each release knew one, with two events counted. */
const SUBSCRIBER = `
  insert into customers (user_id, stripe_customer_id, email, created_at) values ('ada', 'cus_1', 'ada@example.com', $1);
  insert into plans (id, slug, name, rank, created_at)
    values ('00000000-0000-4000-8000-000000000001', 'plan_old', 'Old', 1, $1);
  insert into plan_versions (id, plan_id, version, period, price_minor, currency, created_at)
    values ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 1, 'monthly', 2000, 'usd', $1);
  insert into features (id, code, name, type) values ('00000000-0000-4000-8000-000000000003', 'calls', 'Calls', 'metered');
  insert into plan_features (plan_version_id, feature_id, quota_limit, reset)
    values ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003', 5, 'period');
  update plan_versions set published_at = $1, active = true;
  insert into subscriptions (id, user_id, product_line, plan_version_id, status, anchor, period_start, period_end,
      access_until, stripe_subscription_id, created_at, updated_at)
    values ('00000000-0000-4000-8000-000000000004', 'ada', 'main', '00000000-0000-4000-8000-000000000002', 'active', $1, $1,
      $1::timestamptz + interval '1 month', '9999-12-31', 'sub_1', $1, $1);
  insert into feature_usage (subscription_id, feature_id, window_start, window_end, used_amount, quota_limit)
    values ('00000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000003', $1,
      $1::timestamptz + interval '1 month', 3, 5);
  insert into usage_events (recorded_month, subscription_id, idempotency_key, feature_id, amount, outcome, window_start,
      used_after, occurred_at)
    values ('2026-11-01', '00000000-0000-4000-8000-000000000004', 'first', '00000000-0000-4000-8000-000000000003', 3,
      'allowed', $1, 3, $1)`

/** A database as a deployment had it that stopped at this migration. */
async function databaseAt(last: string): Promise<string> {
  const { url } = await createEmptyDatabase()
  await withClient(url, async (client) => {
    await client.query(
      'create table schema_migrations (name text primary key, applied_at timestamptz not null)',
    )
    for (const name of MIGRATIONS.filter((each) => each <= last)) {
      await client.query(readFileSync(new URL(name, FOLDER), 'utf8'))
      await client.query('insert into schema_migrations values ($1, now())', [name])
    }
    for (const statement of SUBSCRIBER.split(';'))
      await client.query(statement.replaceAll('$1', `'${AT.toISOString()}'`))
  })
  return url
}

const STOPS = MIGRATIONS.filter((name) => /^(0003|0007|0010|0015|0022|0034|0042)_/.test(name))

describe.each(STOPS)('a deployment that stopped at %s', (last) => {
  test('has the schema of a new one after an upgrade, and all that it held', async () => {
    const url = await databaseAt(last)
    expect(await migrate(url)).toEqual(MIGRATIONS.filter((name) => name > last))
    expect(await schemaOf(url)).toEqual(await schemaOf(latest.url))
    expect(await audit(url)).toEqual([])
    const repositories = createPostgresRepositories(
      createPool({ databaseUrl: url, connectionsMax: 2, applicationName: 'test', onError: fail }),
    )
    const use = (key: string, amount: number) =>
      repositories.usage.consume([{ userId: 'ada', feature: 'calls', key, amount }], AT)
    expect(await use('first', 3)).toMatchObject([{ kind: 'allowed', repeated: true }])
    expect(await use('second', 3)).toMatchObject([{ kind: 'refused', reason: 'quota_exceeded' }])
    expect(await use('third', 2)).toMatchObject([{ kind: 'allowed', counter: { usedAmount: 5 } }])
    await repositories.close()
  })
})

test('the code knows each column of its tables, and which of them may be null', async () => {
  const { rows } = await latest.pool.query<{ line: string }>(
    `select table_name || '.' || column_name || case is_nullable when 'YES' then ' null' else '' end as line
     from information_schema.columns where table_schema = 'public'`,
  )
  const declared = declaredColumns()
  const tables = new Set(declared.map((line) => line.split('.')[0]))
  const there = rows.map(({ line }) => line).filter((line) => tables.has(line.split('.')[0]))
  expect(declared.toSorted()).toEqual(there.toSorted())
})
