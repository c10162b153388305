import type { WorkflowReply } from '../adapters/temporal/reply.ts'
import { misfitOf } from '../domain/catalogue/addon.ts'
import { subscriptionId } from '../domain/ids.ts'
import { migrationCommandKey } from '../domain/keys.ts'
import {
  moneyEffect,
  verdictOf,
  type ItemState,
  type MigrationItem,
  type PlanMigration,
} from '../domain/migration/plan-migration.ts'
import { readAddons } from '../domain/subscription/addons.ts'
import { isOver, type Subscription } from '../domain/subscription/subscription.ts'
import type { CommandAnswer } from '../workflows/contract.ts'
import type { ActivityParts } from './parts.ts'

/** The result of one subscription; `unanswered` is tried again. */
export type Outcome = { readonly state: ItemState | 'unanswered'; readonly reason: string | null }

/** The parts of the activities that move subscriptions. */
export type MigrationParts = Pick<ActivityParts, 'repositories' | 'commands'>

/** Decides for one subscription whether a migration moves it, and what that costs. */
export async function itemOf(
  { plans }: Pick<ActivityParts['repositories'], 'plans'>,
  migration: PlanMigration,
  own: Subscription,
  at: Date,
): Promise<MigrationItem> {
  const change = {
    before: await plans.getVersion(own.planVersionId),
    after: await plans.getVersion(migration.to),
    when: migration.when,
    at,
  }
  const addons = await readAddons(plans, own.addons)
  const doFit = addons.every((each) => misfitOf(each.plan, change.after) === null)
  const decided = verdictOf(own, change)
  const verdict = decided === 'moves' && !doFit ? 'addon_does_not_fit' : decided
  return {
    subscriptionId: own.id,
    fromVersionId: own.planVersionId,
    verdict,
    canary: false,
    state: verdict === 'moves' ? 'pending' : 'skipped',
    reason: verdict === 'moves' ? null : verdict,
    attempts: 0,
    ...moneyEffect(own, change),
  }
}

/** Moves one subscription. It is decided again first, because its user may have changed something meanwhile. */
export async function migrateOne(
  { repositories, commands }: MigrationParts,
  migration: PlanMigration,
  item: MigrationItem,
  at: Date,
): Promise<Outcome> {
  const { subscriptions } = repositories
  const id = subscriptionId(item.subscriptionId)
  const own = await subscriptions.find(id)
  if (own === undefined || isOver(own)) return skipped('over')
  if (own.planVersionId !== item.fromVersionId && own.planVersionId !== migration.to)
    return skipped('moved_on')
  const isOurs = [own.planVersionId, own.pendingChange?.planVersionId].includes(migration.to)
  if (!isOurs) {
    const { verdict } = await itemOf(repositories, migration, own, at)
    if (verdict !== 'moves') return skipped(verdict)
  }
  const reply = await commands.changePlan(commandOf(migration, own, 'there'), {
    planVersionId: migration.to,
    when: migration.when,
    prorationDate: null,
    actor: 'operator',
    onlyFrom: item.fromVersionId,
    cause: `plan migration ${migration.id}`,
  })
  const refused = refusalOf(reply, 'skipped')
  if (refused !== null) return refused
  const after = await subscriptions.find(id)
  if (after?.planVersionId === migration.to) return { state: 'moved', reason: null }
  if (after?.pendingChange?.planVersionId !== migration.to) return skipped('moved_on')
  return { state: after.pendingChange.kind, reason: null }
}

/** Moves one subscription back, if it is still as the migration left it. */
export async function rollBackOne(
  { repositories, commands }: MigrationParts,
  migration: PlanMigration,
  item: MigrationItem,
): Promise<Outcome> {
  const own = await repositories.subscriptions.find(subscriptionId(item.subscriptionId))
  if (own === undefined || isOver(own)) return kept('over')
  const command = commandOf(migration, own, 'back')
  const rolledBack: Outcome = { state: 'rolled_back', reason: null }
  const isMoved = own.planVersionId === migration.to
  // A change that is pending after the move is the customer's own.
  if (isMoved && own.pendingChange !== null) return kept('change_pending')
  if (own.pendingChange?.planVersionId === migration.to) {
    const reply = await commands.withdrawPlanChange(command, { actor: 'operator' })
    return refusalOf(reply, 'rollback_failed') ?? rolledBack
  }
  if (own.planVersionId === item.fromVersionId)
    return item.state === 'failed' ? kept('was_not_moved') : rolledBack
  if (own.planVersionId !== migration.to) return kept('moved_on')
  const reply = await commands.changePlan(command, {
    planVersionId: item.fromVersionId,
    when: 'now',
    prorationDate: null,
    actor: 'operator',
    onlyFrom: migration.to,
    cause: `plan migration ${migration.id} rolled back`,
  })
  return refusalOf(reply, 'rollback_failed') ?? rolledBack
}

const skipped = (reason: string): Outcome => ({ state: 'skipped', reason })
const kept = (reason: string): Outcome => ({ state: 'kept', reason })

const commandOf = (migration: PlanMigration, own: Subscription, way: 'there' | 'back') => ({
  subscriptionId: own.id,
  commandId: migrationCommandKey(migration.id, way),
})

/** The outcome of a reply that is not a success; null for a success. */
function refusalOf(
  reply: WorkflowReply<CommandAnswer>,
  refused: 'skipped' | 'rollback_failed',
): Outcome | null {
  switch (reply.kind) {
    case 'answered':
      return reply.answer.kind === 'done' ? null : { state: refused, reason: reply.answer.code }
    case 'rejected':
      return reply.code === 'step_failed'
        ? { state: refused === 'skipped' ? 'failed' : refused, reason: reply.detail }
        : { state: refused, reason: reply.code }
    case 'closed':
      return { state: refused === 'skipped' ? refused : 'kept', reason: 'over' }
    case 'unavailable':
      return { state: 'unanswered', reason: null }
  }
}
