import type { MigrationState } from '../domain/migration/plan-migration.ts'
import type { MigrationHold, MigrationTally, PlanMigrationInput, Steer } from './contract.ts'

/** What a run works on. */
export type MigrationRun = {
  -readonly [Key in keyof PlanMigrationInput]: PlanMigrationInput[Key]
} & {
  ended: 'reviewed' | 'done' | 'stopped' | 'rolled_back' | null
  /** What somebody wants and the row does not say yet. */
  asked: Steer | null
  applied: boolean
  /** What the row says. */
  told: MigrationState | null
}

export const beginMigration = (input: PlanMigrationInput): MigrationRun => ({
  ...input,
  ended: null,
  asked: null,
  applied: false,
  told: null,
})

export function leaveMigration(run: MigrationRun): PlanMigrationInput {
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

export function standsAt({ ended, hold, phase }: MigrationRun): MigrationState {
  if (ended !== null) return ended
  if (hold === 'canary') return 'awaiting_approval'
  return hold === null ? phase : 'paused'
}

const BECAUSE: Record<MigrationHold, string> = {
  asked: 'somebody paused it',
  canary: 'the canary was moved: look at it, then let it go on or roll it back',
  failures: 'too many moves failed: look at the items that did, then let it go on',
}

export const heldBecause = ({ hold, ended }: MigrationRun): string | null =>
  hold === null || ended !== null ? null : BECAUSE[hold]

/** Whether it can be steered like this now. */
export function mayBe({ hold, phase, ended, dryRun }: MigrationRun, wanted: Steer): boolean {
  if (ended !== null) return false
  switch (wanted) {
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

/** What it does from now on; the row is told next. */
export function apply(run: MigrationRun, wanted: Steer): void {
  run.applied = true
  if (!mayBe(run, wanted)) return
  if (wanted === 'pause') {
    run.hold = 'asked'
    return
  }
  if (wanted === 'stop') {
    run.ended = 'stopped'
    return
  }
  if (wanted === 'roll_back') run.phase = 'rolling_back'
  run.hold = null
  run.tally = { ...run.tally, failedLately: 0 }
}

/** Counts what a page did. */
export function add(run: MigrationRun, page: Partial<MigrationTally>): void {
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

/** What an operator reads at the top of the workflow's page. */
export function migrationCard(run: MigrationRun): string {
  const { tally } = run
  const rows: readonly (readonly [string, string | number | null])[] = [
    ['State', `**${standsAt(run)}**`],
    ['Because', heldBecause(run)],
    ['Looked at', tally.planned],
    ['Moved', tally.moved],
    ['Skipped', tally.skipped],
    ['Failed', tally.failed],
    ['Rolled back', tally.rolledBack],
  ]
  const shown = rows.filter(([, value]) => value !== null)
  return ['| | |', '| --- | --- |', ...shown.map(([name, value]) => `| ${name} | ${value} |`)].join(
    '\n',
  )
}
