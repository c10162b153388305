import { z } from '@hono/zod-openapi'
import type { MigrationReport } from '../../../domain/migration/repository.ts'
import {
  ITEM_STATES,
  MIGRATION_STATES,
  type ItemState,
  type MigrationItem,
  type PlanMigration,
} from '../../../domain/migration/plan-migration.ts'
import { CHANGE_TIMES } from '../../../domain/subscription/plan-change.ts'
import type { PlanVersion } from '../../../domain/catalogue/plan.ts'
import type { PlanRepository } from '../../../domain/catalogue/plan-repository.ts'
import { STATUSES } from '../../../domain/subscription/subscription.ts'
import { instant } from '../request.ts'

const versionName = z.object({ plan: z.string(), version: z.int() })
const amount = z.int().describe('In minor units.')

/** A migration with its report. */
export const migrationSchema = z
  .object({
    id: z.uuid(),
    state: z
      .enum(MIGRATION_STATES)
      .describe('`awaiting_approval` comes after the canary. A dry run ends as `reviewed`.'),
    held_because: z.string().nullable(),
    from: z.array(versionName),
    to: versionName,
    when: z.enum(CHANGE_TIMES),
    filter: z.object({
      statuses: z.array(z.enum(STATUSES)).nullable(),
      user_ids: z.array(z.string()).nullable(),
      subscribed_since: instant.nullable(),
      subscribed_before: instant.nullable(),
    }),
    dry_run: z.boolean(),
    canary_percent: z.int(),
    rate_per_minute: z.int(),
    reason: z.string(),
    by: z.string().describe('The API key of the operator.'),
    created_at: instant,
    updated_at: instant,
    ended_at: instant.nullable(),
    report: z.object({
      total: z.int().describe('The number of subscriptions that were checked so far.'),
      canary: z.int(),
      states: z.record(z.enum(ITEM_STATES), z.int()),
      reasons: z
        .record(z.string(), z.int())
        .describe('The number of subscriptions that are not migrated, by reason.'),
      money: z.array(
        z.object({
          currency: z.string(),
          subscriptions: z.int(),
          per_period_before_minor: amount,
          per_period_after_minor: amount,
          due_now_minor: amount.describe(
            'The charges of the migration itself, in minor units, before taxes, discounts and balances; negative for a credit.',
          ),
        }),
      ),
    }),
  })
  .openapi('PlanMigration')

/** A subscription of a migration. */
export const itemSchema = z
  .object({
    subscription_id: z.uuid(),
    from: versionName,
    state: z
      .enum(ITEM_STATES)
      .describe(
        '`kept`: the subscription has changed otherwise, so it is not migrated or not rolled back.',
      ),
    reason: z.string().nullable(),
    canary: z.boolean(),
    currency: z.string(),
    per_period_before_minor: amount,
    per_period_after_minor: amount,
    due_now_minor: amount,
  })
  .openapi('PlanMigrationItem')

const nameOf = ({ slug, version }: PlanVersion) => ({ plan: slug, version })

/** @returns a migration in JSON. */
export async function viewOfMigration(
  migration: PlanMigration,
  report: MigrationReport,
  plans: PlanRepository,
): Promise<z.infer<typeof migrationSchema>> {
  const { filter } = migration
  return {
    id: migration.id,
    state: migration.state,
    held_because: migration.heldBecause,
    from: (await Promise.all(migration.from.map((id) => plans.getVersion(id)))).map(nameOf),
    to: nameOf(await plans.getVersion(migration.to)),
    when: migration.when,
    filter: {
      statuses: filter.statuses && [...filter.statuses],
      user_ids: filter.userIds && [...filter.userIds],
      subscribed_since: filter.since?.toISOString() ?? null,
      subscribed_before: filter.before?.toISOString() ?? null,
    },
    dry_run: migration.dryRun,
    canary_percent: migration.canaryPercent,
    rate_per_minute: migration.ratePerMinute,
    reason: migration.reason,
    by: migration.by,
    created_at: migration.createdAt.toISOString(),
    updated_at: migration.updatedAt.toISOString(),
    ended_at: migration.endedAt?.toISOString() ?? null,
    report: viewOfReport(report),
  }
}

function viewOfReport({ states, money, canary }: MigrationReport) {
  const countOf = (state: ItemState) =>
    states.filter((each) => each.state === state).reduce((sum, { count }) => sum + count, 0)
  const byReason: Record<string, number> = {}
  for (const { reason, count } of states)
    if (reason !== null) byReason[reason] = (byReason[reason] ?? 0) + count
  return {
    total: states.reduce((sum, { count }) => sum + count, 0),
    canary,
    states: {
      pending: countOf('pending'),
      moved: countOf('moved'),
      scheduled: countOf('scheduled'),
      awaiting_payment: countOf('awaiting_payment'),
      skipped: countOf('skipped'),
      failed: countOf('failed'),
      rolled_back: countOf('rolled_back'),
      kept: countOf('kept'),
      rollback_failed: countOf('rollback_failed'),
    } satisfies Record<ItemState, number>,
    reasons: byReason,
    money: money.map((each) => ({
      currency: each.currency,
      subscriptions: each.subscriptions,
      per_period_before_minor: each.beforeMinor,
      per_period_after_minor: each.afterMinor,
      due_now_minor: each.nowMinor,
    })),
  }
}

/** @returns a subscription of a migration in JSON. */
export async function viewOfItem(
  item: MigrationItem,
  plans: PlanRepository,
): Promise<z.infer<typeof itemSchema>> {
  return {
    subscription_id: item.subscriptionId,
    from: nameOf(await plans.getVersion(item.fromVersionId)),
    state: item.state,
    reason: item.reason,
    canary: item.canary,
    currency: item.currency,
    per_period_before_minor: item.beforeMinor,
    per_period_after_minor: item.afterMinor,
    due_now_minor: item.nowMinor,
  }
}
