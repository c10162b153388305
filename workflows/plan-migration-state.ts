import type { MigrationState } from '../domain/migration/plan-migration.ts'
import type {
  MigrationHold,
  MigrationTally,
  PlanMigrationInput,
  Steer,
} from './plan-migration-contract.ts'

/** The state of one run. */
export type MigrationRun = {
  -readonly [Key in keyof PlanMigrationInput]: PlanMigrationInput[Key]
} & {
  ended: 'reviewed' | 'done' | 'stopped' | 'rolled_back' | null
  /** An operator's request that the row does not show yet. */
  requested: Steer | null
  /** Whether the request has changed this run. */
  isApplied: boolean
  /** The state in the row, as far as this run knows. */
  recorded: MigrationState | null
}

/** The state of a run at its start. No request of an operator is carried from the run before. */
export const restoreMigration = (input: PlanMigrationInput): MigrationRun => ({
  ...input,
  ended: null,
  requested: null,
  isApplied: false,
  recorded: null,
})

/** The input of the next run. */
export function migrationForNextRun(run: MigrationRun): PlanMigrationInput {
  const { stateVersion, migrationId, phase, hold, dryRun, canaryPercent, ratePerMinute } = run
  const { cursor, tally } = run
  return {
    stateVersion,
    migrationId,
    phase,
    hold,
    dryRun,
    canaryPercent,
    ratePerMinute,
    cursor,
    tally,
  }
}

/** The state that operators see: an end, or a reason to wait, hides the phase. */
export function stateOf({ ended, hold, phase }: MigrationRun): MigrationState {
  if (ended !== null) return ended
  if (hold === 'canary') return 'awaiting_approval'
  return hold === null ? phase : 'paused'
}

const REASONS: Record<MigrationHold, string> = {
  asked: 'an operator paused it',
  canary: 'the canary is migrated: check it, then continue or roll back',
  failures: 'too many subscriptions failed: check the failed items, then continue',
}

/** @returns why the migration is on hold, in words; null when it runs or has ended. */
export const reasonOfHold = ({ hold, ended }: MigrationRun): string | null =>
  hold === null || ended !== null ? null : REASONS[hold]

/** Whether an operator can steer the migration like this now. */
export function allowsSteer({ hold, phase, ended, dryRun }: MigrationRun, steer: Steer): boolean {
  if (ended !== null) return false
  switch (steer) {
    case 'pause':
      return hold === null
    case 'go_on':
      return hold !== null
    case 'stop':
      return phase !== 'rolling_back'
    case 'roll_back':
      return phase !== 'rolling_back' && !dryRun
  }
}

/** Applies an operator's request to this run. The row follows with the next `recordState`. */
export function applySteer(run: MigrationRun, steer: Steer): void {
  run.isApplied = true
  // The migration may have changed since the request was accepted.
  if (!allowsSteer(run, steer)) return
  switch (steer) {
    case 'pause':
      run.hold = 'asked'
      return
    case 'stop':
      run.ended = 'stopped'
      return
    case 'go_on':
    case 'roll_back':
      if (steer === 'roll_back') run.phase = 'rolling_back'
      run.hold = null
      run.tally = { ...run.tally, failedLately: 0 }
  }
}

/** Adds the results of one page. */
export function addToTally(run: MigrationRun, page: Partial<MigrationTally>): void {
  const { tally } = run
  const sum = (key: keyof MigrationTally) => tally[key] + (page[key] ?? 0)
  run.tally = {
    planned: sum('planned'),
    moved: sum('moved'),
    skipped: sum('skipped'),
    failed: sum('failed'),
    failedLately: tally.failedLately + (page.failed ?? 0),
    rolledBack: sum('rolledBack'),
  }
}

/** The text at the top of the workflow's page in the Temporal UI, in Markdown. */
export function migrationCard(run: MigrationRun): string {
  const { tally } = run
  const rows: readonly (readonly [string, string | number | null])[] = [
    ['State', `**${stateOf(run)}**`],
    ['Because', reasonOfHold(run)],
    ['Planned', tally.planned],
    ['Migrated', tally.moved],
    ['Skipped', tally.skipped],
    ['Failed', tally.failed],
    ['Rolled back', tally.rolledBack],
  ]
  const shown = rows.filter(([, value]) => value !== null)
  return ['| | |', '| --- | --- |', ...shown.map(([name, value]) => `| ${name} | ${value} |`)].join(
    '\n',
  )
}
