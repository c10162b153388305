import { afterAll, beforeAll, expect, test } from 'vitest'
import { subscriptionId } from '../../domain/ids.ts'
import { factsOfRecord } from '../../domain/decision/decision-record.ts'
import { explanationOf } from '../../domain/decision/explanation.ts'
import { redecide } from '../../domain/decision/redecide.ts'
import type { StoredDecision } from '../../domain/decision/repository.ts'
import { subscribe, type Customer } from '../support/customer.ts'
import { createWorld, type World } from '../support/world.ts'

/** More than the decisions of one test. */
const PAGE = 500
/** A record may have 1.5 KB; half of all must have less. */
const MEDIAN_BYTES_MAX = 1_536

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const decisions = () =>
  world.container.repositories.decisions.list({
    since: new Date(0),
    after: undefined,
    limit: PAGE,
  })
const decisionsOf = async ({ id }: Customer) =>
  (await decisions()).filter((each) => each.subscriptionId === id)
const differencesOf = async ({ record }: StoredDecision) =>
  redecide(await factsOfRecord(record, world.container.repositories.plans), record.outcome)

/** A customer of a free plan and one of a paid plan, who use most commands. */
async function busyCustomers(): Promise<readonly Customer[]> {
  const free = await subscribe(world, 'plan_free')
  await free.consume(85)
  await free.ask('PUT', '/pause', {})
  await free.ask('DELETE', '/pause')
  await free.ask('PUT', '/cancellation', { when: 'period_end' })
  await free.ask('DELETE', '/cancellation')
  const paid = await subscribe(world, 'plan_pro_monthly')
  await paid.ask('PUT', '/plan', { plan_id: 'plan_free', when: 'period_end' })
  await paid.ask('PUT', '/cancellation', { when: 'period_end' })
  await paid.ask('DELETE', '/cancellation')
  await paid.ask('DELETE', '/plan')
  await world.advanceTo(new Date((await paid.read()).period.end))
  await world.settled()
  await paid.ask('PUT', '/cancellation', { when: 'now' })
  await world.settled()
  return [free, paid]
}

test('every change has its decision, which the present code makes again, small and without personal data', async () => {
  const customers = await busyCustomers()
  const { rows } = await world.database.pool.query<{ missing: number }>(
    `select count(*)::int as missing from subscription_changes c where not exists (
       select from decisions d where d.subscription_id = c.subscription_id
         and c.seq between d.first_entry and d.last_entry)`,
  )
  expect(rows).toEqual([{ missing: 0 }])
  const all = await decisions()
  for (const each of all) expect(await differencesOf(each)).toEqual([])
  const rules = new Set(all.map(({ rule }) => rule))
  for (const rule of ['stripe_snapshot', 'renewal', 'free_pause', 'usage_alert', 'checkout_opened'])
    expect(rules).toContain(rule)
  const text = JSON.stringify(all.map(({ record }) => record))
  for (const { user, email } of customers)
    expect([user, email, 'https://'].filter((personal) => text.includes(personal))).toEqual([])
  const sizes = await world.database.pool.query<{ median: number }>(
    `select percentile_disc(0.5) within group (order by pg_column_size(d.*))::int as median from decisions d`,
  )
  expect(sizes.rows[0]?.median).toBeLessThanOrEqual(MEDIAN_BYTES_MAX)
})

test('a decision that the present code would make otherwise is found, with what differs', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  const bought = (await decisionsOf(who)).at(-1)!
  const { facts, outcome } = bought.record
  const record = { facts: { ...facts, policy: { ...facts.policy, graceDays: 30 } }, outcome }
  expect(await differencesOf({ ...bought, record })).toEqual([])
  const other = { ...outcome, changes: ['renewed'], set: { ...outcome.set, status: 'past_due' } }
  expect(await differencesOf({ ...bought, record: { facts, outcome: other } })).toEqual([
    { part: 'set.status', recorded: 'past_due', now: 'active' },
    { part: 'changes.0', recorded: 'renewed', now: 'activated' },
  ])
})

test('a rule that no longer applies is a difference, and not a failure', async () => {
  const who = await subscribe(world, 'plan_free')
  await who.ask('PUT', '/pause', {})
  const paused = (await decisionsOf(who)).at(-1)!
  const { facts, outcome } = paused.record
  const before = { ...facts.before, status: 'paused' } as typeof facts.before
  const record = { facts: { ...facts, before }, outcome }
  expect(await differencesOf({ ...paused, record })).toMatchObject([{ part: 'rule' }])
})

test('facts that this build cannot read are a difference, and the rest is still explained', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  const bought = (await decisionsOf(who)).at(-1)!
  const { facts, outcome } = bought.record
  const { foreignItems: _, ...before } = facts.before
  const record = { facts: { ...facts, before: before as typeof facts.before }, outcome }
  expect(await differencesOf({ ...bought, record })).toMatchObject([{ part: 'rule' }])
  const { plans } = world.container.repositories
  const unnamed = { facts: { ...facts, planVersionIds: [] }, outcome }
  expect(await explanationOf({ ...bought, record: unnamed }, plans)).toMatchObject({
    rule: 'stripe_snapshot',
    sentences: [expect.stringContaining('cannot put the record into words')],
    differences: [{ part: 'rule' }],
  })
})

test('a webhook that repeats what is known makes no decision', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  const before = await decisionsOf(who)
  await who.ask('POST', '/sync', undefined, { operator: true })
  await world.settled()
  expect(await decisionsOf(who)).toEqual(before)
})

test('an entry is found by its number; one from before decisions were recorded is not', async () => {
  const who = await subscribe(world, 'plan_pro_monthly')
  const { decisions: stored } = world.container.repositories
  const id = subscriptionId(who.id)
  expect(await stored.find(id, 1)).toMatchObject({ rule: 'checkout_opened', subscriptionId: id })
  expect(await stored.find(id, 2)).toMatchObject({ rule: 'stripe_snapshot' })
  expect(await stored.find(id, 3)).toBeUndefined()
  await world.database.pool.query('delete from decisions where subscription_id = $1', [id])
  expect(await stored.find(id, 2)).toBeUndefined()
})

test('decisions are listed page by page, each once', async () => {
  await subscribe(world, 'plan_free')
  const { decisions: stored } = world.container.repositories
  const all = await decisions()
  const pages: StoredDecision[] = []
  for (let page = [] as StoredDecision[], isFirst = true; isFirst || page.length > 0;) {
    isFirst = false
    page = await stored.list({ since: new Date(0), after: pages.at(-1), limit: 2 })
    pages.push(...page)
  }
  expect(pages).toEqual(all)
})
