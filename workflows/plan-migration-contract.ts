/** Everything that other processes may know of the workflow of a plan migration. See `contract.ts` for what holds of all. */
import { defineQuery, defineUpdate } from '@temporalio/workflow'
import type { MigrationPhase, MigrationState } from '../domain/migration/plan-migration.ts'

/** The type of the workflow that migrates subscriptions from one plan version to another. */
export const PLAN_MIGRATION_WORKFLOW = 'PlanMigration'
/** The id of the workflow of a migration. */
export const planMigrationWorkflowId = (migrationId: string): string =>
  `plan-migration/${migrationId}`

/** The input of a plan migration, and of each next run. It is small, however many subscriptions are migrated. */
export type PlanMigrationInput = {
  readonly stateVersion: 1
  readonly migrationId: string
  readonly phase: MigrationPhase
  /** Why it waits for an operator; null when it runs. */
  readonly hold: MigrationHold | null
  readonly dryRun: boolean
  readonly canaryPercent: number
  readonly ratePerMinute: number
  /** The last planned subscription. */
  readonly cursor: string | null
  readonly tally: MigrationTally
}

/** Why a migration waits for an operator. */
export type MigrationHold =
  /** An operator paused it. */
  | 'asked'
  /** The canary is migrated, and an operator has to approve it. */
  | 'canary'
  /** Too many subscriptions failed. */
  | 'failures'

/** Numbers of subscriptions, over all runs of this migration. `moved` are the migrated ones. */
export type MigrationTally = {
  readonly planned: number
  readonly moved: number
  readonly skipped: number
  readonly failed: number
  /** Failures since it last continued. */
  readonly failedLately: number
  readonly rolledBack: number
}

/** The answer to each request about a migration. */
export type MigrationProgress = {
  readonly state: MigrationState
  readonly tally: MigrationTally
}

/** An operator's requests to a running migration: `go_on` continues it. */
export const STEERS = ['pause', 'go_on', 'stop', 'roll_back'] as const
export type Steer = (typeof STEERS)[number]

/** @throws an `ApplicationFailure` of the type `steer_not_allowed` */
export const steer = defineUpdate<MigrationProgress, [Steer]>('steer')
/** The state and the numbers of a migration. */
export const progress = defineQuery<MigrationProgress>('progress')

/** The migration's state does not allow this steer. */
export const STEER_NOT_ALLOWED = 'steer_not_allowed'
