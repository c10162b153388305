import { afterAll, beforeEach, expect, test } from 'vitest'
import { schemaDifferences } from '../../../../adapters/database/postgres/compare-schema.ts'
import { createDatabase, type TestDatabase } from '../../../support/database.ts'

const opened: TestDatabase[] = []
let database: TestDatabase
beforeEach(async () => {
  database = await createDatabase({ kind: 'postgres' })
  opened.push(database)
})
afterAll(() => Promise.all(opened.map((each) => each.close())))

test('a migrated database has none, whatever months its ledger has', async () => {
  await database.pool.query(`select ensure_usage_partitions('2031-01-01')`)
  expect(await schemaDifferences(database.url)).toEqual([])
})

test.each([
  ['drop table usage_overage_due', ['table usage_overage_due is missing']],
  [
    'alter table customers add column nickname text',
    ['column customers.nickname is not part of this build'],
  ],
  [
    'alter table customers drop column time_zone',
    [
      'column customers.time_zone is missing',
      'grant on columns of customers to authenticated differs',
    ],
  ],
  ['alter table customers alter locale drop default', ['column customers.locale differs']],
  [
    'alter table feature_usage drop constraint usage_is_not_negative',
    ['constraint usage_is_not_negative of feature_usage is missing'],
  ],
  ['drop index notices_to_send', ['index notices_to_send of notices is missing']],
  [
    'create index by_hand on notices (kind)',
    ['index by_hand of notices is not part of this build'],
  ],
  [
    'alter table subscriptions disable trigger status_follows_the_rules',
    ['trigger status_follows_the_rules of subscriptions differs'],
  ],
  [
    'drop trigger published_version_is_kept on plan_versions',
    ['trigger published_version_is_kept of plan_versions is missing'],
  ],
  [
    `create or replace function json_instant(p_at timestamptz) returns text language sql stable as $$ select 'now' $$`,
    ['function json_instant(p_at timestamp with time zone) differs'],
  ],
  ['drop function count_drift()', ['function count_drift() is missing']],
  [
    'create function count_drift(p_kind text) returns integer language sql as $$ select 1 $$',
    [
      'function count_drift(p_kind text) is not part of this build',
      'grant on function count_drift(text) to public is not part of this build',
    ],
  ],
  [
    'revoke execute on function count_drift() from service_role',
    ['grant on function count_drift() to service_role is missing'],
  ],
  [
    'grant select on api_keys to anon',
    ['grant on table api_keys to anon is not part of this build'],
  ],
  [
    'grant select (stripe_customer_id) on customers to authenticated',
    ['grant on columns of customers to authenticated differs'],
  ],
  ['drop policy users_read on invoices', ['policy users_read of invoices is missing']],
  ['alter table notices disable row level security', ['row-level security of notices is missing']],
])('are named: %s', async (change, differences) => {
  await database.pool.query(change)
  expect(await schemaDifferences(database.url)).toEqual(differences)
})

test('leave out what the application keeps in the same schema, and what Supabase grants in addition', async () => {
  await database.pool.query(
    `create table orders (id integer primary key);
     create function total_of_orders() returns bigint language sql as $$ select count(*) from orders $$;
     grant all on customers to service_role;
     create role reports; grant select on customers to reports`,
  )
  expect(await schemaDifferences(database.url)).toEqual([])
  await database.pool.query('drop owned by reports; drop role reports')
})
