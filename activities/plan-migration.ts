import { ApplicationFailure, heartbeat } from '@temporalio/activity'
import type { WorkflowReply } from '../adapters/temporal/reply.ts'
import { subscriptionId } from '../domain/ids.ts'
import { migrationCommandKey } from '../domain/keys.ts'
import {
  moneyEffect,
  verdictOf,
  type ItemState,
  type MigrationItem,
  type MigrationPhase,
  type MigrationState,
  type PlanMigration,
} from '../domain/migration/plan-migration.ts'
import { isLive, type Subscription } from '../domain/subscription/subscription.ts'
import type { CommandAnswer } from '../workflows/contract.ts'
import type { ActivityDependencies } from './dependencies.ts'

/** Moved at the same time: each is a workflow of its own, and Stripe takes 100 requests a second of all of us. */
const AT_ONCE = 5
/** The worker makes Stripe's prices as the catalogue says every two seconds. */
const PRICE_DELAY = '2 seconds'
/** A subscription that nobody answers for this often is left to a person; the others do not wait for it. */
const ATTEMPTS_MAX = 5

type Page = { readonly migrationId: string; readonly limit: number; readonly at: string }
/** What became of one subscription; `unanswered` is tried again. */
type Outcome = { readonly state: ItemState | 'unanswered'; readonly reason: string | null }
export type MovedPage = {
  /** Zero when nothing is left. */
  readonly tried: number
  readonly moved: number
  readonly skipped: number
  readonly failed: number
  readonly rolledBack: number
}

export function createPlanMigrationActivities(dependencies: ActivityDependencies) {
  const { repositories, moves } = dependencies
  const { planMigrations: migrations, plans, stripeCatalogue, subscriptions } = repositories

  async function load(id: string): Promise<PlanMigration> {
    const found = await migrations.find(id)
    if (found === undefined) throw new Error(`migration ${id} has no row`)
    return found
  }

  async function itemOf(migration: PlanMigration, own: Subscription, at: Date) {
    const [before, after] = [
      await plans.getVersion(own.planVersionId),
      await plans.getVersion(migration.to),
    ]
    const change = { before, after, when: migration.when, at }
    const verdict = verdictOf(own, change)
    const state = verdict === 'moves' ? 'pending' : 'skipped'
    return {
      subscriptionId: own.id,
      fromVersionId: own.planVersionId,
      verdict,
      canary: false,
      state,
      reason: verdict === 'moves' ? null : verdict,
      attempts: 0,
      ...moneyEffect(own, change),
    } satisfies MigrationItem
  }

  /** Asks one subscription to move; decided anew, because its user may have decided something meanwhile. */
  async function moveOne(
    migration: PlanMigration,
    item: MigrationItem,
    at: Date,
  ): Promise<Outcome> {
    const id = subscriptionId(item.subscriptionId)
    const own = await subscriptions.find(id)
    if (own === undefined || !isLive(own.status)) return skipped('over')
    if (own.planVersionId !== item.fromVersionId && own.planVersionId !== migration.to)
      return skipped('moved_on')
    const isOurs = [own.planVersionId, own.pendingChange?.planVersionId].includes(migration.to)
    if (!isOurs) {
      const { verdict } = await itemOf(migration, own, at)
      if (verdict !== 'moves') return skipped(verdict)
    }
    const asked = await moves.changePlan(moveOf(migration, own, 'there'), {
      planVersionId: migration.to,
      when: migration.when,
      prorationDate: null,
      actor: 'operator',
      onlyFrom: item.fromVersionId,
      cause: `plan migration ${migration.id}`,
    })
    const refused = refusalOf(asked, 'skipped')
    if (refused !== null) return refused
    const after = await subscriptions.find(id)
    if (after?.planVersionId === migration.to) return { state: 'moved', reason: null }
    if (after?.pendingChange?.planVersionId !== migration.to) return skipped('moved_on')
    return { state: after.pendingChange.kind, reason: null }
  }

  /** Takes one move back, where it is still what the migration made of it. */
  async function rollBackOne(migration: PlanMigration, item: MigrationItem): Promise<Outcome> {
    const own = await subscriptions.find(subscriptionId(item.subscriptionId))
    if (own === undefined || !isLive(own.status)) return { state: 'kept', reason: 'over' }
    const of = moveOf(migration, own, 'back')
    if (own.pendingChange?.planVersionId === migration.to)
      return (
        refusalOf(await moves.withdrawPlanChange(of, { actor: 'operator' }), 'rollback_failed') ?? {
          state: 'rolled_back',
          reason: null,
        }
      )
    if (own.planVersionId === item.fromVersionId)
      return item.state === 'failed'
        ? { state: 'kept', reason: 'was_not_moved' }
        : { state: 'rolled_back', reason: null }
    if (own.planVersionId !== migration.to) return { state: 'kept', reason: 'moved_on' }
    const asked = await moves.changePlan(of, {
      planVersionId: item.fromVersionId,
      when: 'now',
      prorationDate: null,
      actor: 'operator',
      onlyFrom: migration.to,
      cause: `plan migration ${migration.id} rolled back`,
    })
    const refused = refusalOf(asked, 'rollback_failed')
    if (refused !== null) return refused
    return { state: 'rolled_back', reason: null }
  }

  /** Works on a page, some at once; what nobody answered for stays for later, and for a person in the end. */
  async function work(
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
          state === 'unanswered' && (await migrations.countAttempt(migrationId, id)) >= ATTEMPTS_MAX
        const end = isGivenUp ? givenUp(item) : { state, reason }
        if (end.state !== 'unanswered')
          await migrations.saveItem(migrationId, {
            subscriptionId: id,
            state: end.state,
            reason: end.reason,
            at,
          })
        outcomes.push(end.state)
        heartbeat(outcomes.length)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, caller))
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

  return {
    /** Says of a page of subscriptions what would become of them. Running it twice says it once. */
    async planPage({ migrationId, after, limit, at: instant }: Page & { after: string | null }) {
      const at = new Date(instant)
      const migration = await load(migrationId)
      const page = await migrations.listCandidates(migration, after, limit)
      const items: MigrationItem[] = []
      for (const own of page) items.push(await itemOf(migration, own, at))
      await migrations.addItems(migrationId, items, at)
      const last = page.length < limit ? undefined : page.at(-1)
      return { count: page.length, next: last?.id ?? null }
    },

    /** Chooses who is moved first. Running it twice chooses the same. */
    async chooseCanary({ migrationId, percent }: { migrationId: string; percent: number }) {
      return migrations.chooseCanary(migrationId, percent)
    },

    /**
     * Moves a page of subscriptions. Running it twice asks those again that were not marked yet, under the same names,
     * and each answers what it answered first.
     */
    async movePage(page: Page & { canary: boolean }): Promise<MovedPage> {
      const migration = await load(page.migrationId)
      const items = await migrations.listPending(page.migrationId, page, page.limit)
      return work(page, items, (item, at) => moveOne(migration, item, at))
    },

    /**
     * Takes a page of moves back. Running it twice asks again under the same names. A version that was retired meanwhile
     * is sold again for as long as that takes: until Stripe has its price back, nobody is asked.
     */
    async rollBackPage(page: Page): Promise<MovedPage> {
      const migration = await load(page.migrationId)
      if (!(await stripeCatalogue.areSold(migration.from)))
        throw ApplicationFailure.create({
          type: 'PriceArchived',
          message: 'a price to return to is archived at Stripe, and is on its way back',
          nextRetryDelay: PRICE_DELAY,
        })
      const items = await migrations.listToRollBack(page.migrationId, page.limit)
      return work(page, items, (item) => rollBackOne(migration, item))
    },

    /** Writes where a migration stands. Running it twice writes the same. */
    async standMigration(standing: {
      readonly migrationId: string
      readonly state: MigrationState
      readonly phase: MigrationPhase
      readonly heldBecause: string | null
      readonly at: string
    }) {
      const { migrationId, at, ...rest } = standing
      await migrations.saveProgress(migrationId, { ...rest, at: new Date(at) })
    },
  }
}

const skipped = (reason: string): Outcome => ({ state: 'skipped', reason })

const givenUp = ({ state }: MigrationItem): Outcome => ({
  state: state === 'pending' ? 'failed' : 'rollback_failed',
  reason: 'unanswered',
})

const moveOf = (migration: PlanMigration, own: Subscription, way: 'there' | 'back') => ({
  subscriptionId: own.id,
  commandId: migrationCommandKey(migration.id, way),
})

const count = (outcomes: readonly Outcome['state'][], states: readonly Outcome['state'][]) =>
  outcomes.filter((state) => states.includes(state)).length

/** What keeps a move from being done, if anything does. */
function refusalOf(
  asked: WorkflowReply<CommandAnswer>,
  refused: 'skipped' | 'rollback_failed',
): Outcome | null {
  switch (asked.kind) {
    case 'answered':
      return asked.answer.kind === 'done' ? null : { state: refused, reason: asked.answer.code }
    case 'rejected':
      return asked.code === 'step_failed'
        ? { state: refused === 'skipped' ? 'failed' : refused, reason: asked.detail }
        : { state: refused, reason: asked.code }
    case 'closed':
      return { state: refused === 'skipped' ? refused : 'kept', reason: 'over' }
    case 'unavailable':
      return { state: 'unanswered', reason: null }
  }
}
