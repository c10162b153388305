import { ApplicationFailure, heartbeat } from '@temporalio/activity'
import { subscriptionId } from '../domain/ids.ts'
import type {
  MigrationItem,
  MigrationPhase,
  MigrationState,
  PlanMigration,
} from '../domain/migration/plan-migration.ts'
import {
  itemOf,
  migrateOne,
  rollBackOne,
  type MigrationParts,
  type Outcome,
} from './move-subscription.ts'
import type { ActivityParts } from './parts.ts'

/** Subscriptions moved at the same time: each is a workflow of its own, and all share Stripe's rate limit. */
const CONCURRENT_MAX = 5
/** The worker restores archived prices at Stripe every two seconds. */
const PRICE_DELAY = '2 seconds'
/** After so many attempts without an answer a subscription is left to an operator; the others continue. */
const ATTEMPTS_MAX = 5

type Page = { readonly migrationId: string; readonly limit: number; readonly at: string }
/** How many subscriptions of a page ended in each way. Those without an answer are only in `tried`, and are tried again. */
export type MovedPage = {
  /** The subscriptions that were tried; 0 when none is left. */
  readonly tried: number
  readonly moved: number
  readonly skipped: number
  readonly failed: number
  readonly rolledBack: number
}

type ReadParts = Pick<ActivityParts, 'repositories'>

/** Decides a page of subscriptions without moving any. Running it twice stores each decision once. */
export async function planPage(
  { repositories }: ReadParts,
  { migrationId, after, limit, at: instant }: Page & { readonly after: string | null },
) {
  const { planMigrations: migrations } = repositories
  const at = new Date(instant)
  const migration = await load(repositories, migrationId)
  const page = await migrations.listCandidates(migration, after, limit)
  const items: MigrationItem[] = []
  for (const own of page) items.push(await itemOf(repositories, migration, own, at))
  await migrations.addItems(migrationId, items, at)
  const last = page.length < limit ? undefined : page.at(-1)
  return { count: page.length, next: last?.id ?? null }
}

/** Chooses the subscriptions that move first. Running it twice chooses the same ones. */
export const chooseCanary = (
  { repositories }: ReadParts,
  { migrationId, percent }: { readonly migrationId: string; readonly percent: number },
) => repositories.planMigrations.chooseCanary(migrationId, percent)

/**
 * Moves a page of subscriptions. Running it twice repeats the commands that were not marked yet under the same ids, and
 * each workflow gives its first answer.
 */
export async function movePage(
  parts: MigrationParts,
  page: Page & { readonly canary: boolean },
): Promise<MovedPage> {
  const { planMigrations } = parts.repositories
  const migration = await load(parts.repositories, page.migrationId)
  const items = await planMigrations.listPending(page.migrationId, page, page.limit)
  return work(parts, page, items, (item, at) => migrateOne(parts, migration, item, at))
}

/**
 * Moves a page of subscriptions back. Running it twice repeats the commands under the same ids. A version that was retired
 * meanwhile is sold again for that time; until Stripe has its price back, nothing is moved.
 */
export async function rollBackPage(parts: MigrationParts, page: Page): Promise<MovedPage> {
  const { planMigrations, stripeCatalogue } = parts.repositories
  const migration = await load(parts.repositories, page.migrationId)
  if (!(await stripeCatalogue.areSold(migration.from)))
    throw ApplicationFailure.create({
      type: 'PriceArchived',
      message: 'a price to return to is archived at Stripe, and is being restored',
      nextRetryDelay: PRICE_DELAY,
    })
  const items = await planMigrations.listToRollBack(page.migrationId, page.limit)
  return work(parts, page, items, (item) => rollBackOne(parts, migration, item))
}

/** Stores the state of a migration. Running it twice stores the same. */
export async function standMigration(
  { repositories }: ReadParts,
  {
    migrationId,
    at,
    ...state
  }: {
    readonly migrationId: string
    readonly state: MigrationState
    readonly phase: MigrationPhase
    readonly heldBecause: string | null
    readonly at: string
  },
): Promise<void> {
  await repositories.planMigrations.saveProgress(migrationId, { ...state, at: new Date(at) })
}

async function load(
  { planMigrations }: ActivityParts['repositories'],
  id: string,
): Promise<PlanMigration> {
  const found = await planMigrations.find(id)
  if (found === undefined) throw new Error(`migration ${id} has no row`)
  return found
}

/** Works through a page, some subscriptions at the same time, and stores each result. */
async function work(
  { repositories: { planMigrations } }: ReadParts,
  { migrationId, at: instant }: Page,
  items: readonly MigrationItem[],
  one: (item: MigrationItem, at: Date) => Promise<Outcome>,
): Promise<MovedPage> {
  const at = new Date(instant)
  const outcomes: Outcome['state'][] = []
  const queue = [...items]
  const caller = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const id = subscriptionId(item.subscriptionId)
      const { state, reason } = await one(item, at)
      const isGivenUp =
        state === 'unanswered' &&
        (await planMigrations.countAttempt(migrationId, id)) >= ATTEMPTS_MAX
      const end = isGivenUp ? givenUp(item) : { state, reason }
      if (end.state !== 'unanswered') {
        const result = { subscriptionId: id, state: end.state, reason: end.reason, at }
        await planMigrations.saveItem(migrationId, result)
      }
      outcomes.push(end.state)
      heartbeat(outcomes.length)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT_MAX }, caller))
  const unanswered = count(outcomes, ['unanswered'])
  if (unanswered > 0 && unanswered === outcomes.length)
    throw ApplicationFailure.retryable('no subscription answered', 'workflow_unavailable')
  return {
    tried: outcomes.length,
    moved: count(outcomes, ['moved', 'scheduled', 'awaiting_payment']),
    skipped: count(outcomes, ['skipped', 'kept']),
    failed: count(outcomes, ['failed', 'rollback_failed']),
    rolledBack: count(outcomes, ['rolled_back']),
  }
}

const givenUp = ({ state }: MigrationItem) =>
  ({
    state: state === 'pending' ? 'failed' : 'rollback_failed',
    reason: 'unanswered',
  }) as const

const count = (outcomes: readonly Outcome['state'][], states: readonly Outcome['state'][]) =>
  outcomes.filter((state) => states.includes(state)).length
