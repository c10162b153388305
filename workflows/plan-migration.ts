import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import {
  progress,
  steer,
  STEER_NOT_ALLOWED,
  type MigrationProgress,
  type PlanMigrationInput,
  type Steer,
} from './plan-migration-contract.ts'
import { chooseCanary, movePage, planPage, recordMigrationState, rollBackPage } from './effects.ts'
import {
  addToTally,
  allowsSteer,
  applySteer,
  migrationCard,
  migrationForNextRun,
  reasonOfHold,
  restoreMigration,
  stateOf,
  type MigrationRun,
} from './plan-migration-state.ts'

/** Subscriptions on one page of planning: one read, and one write of as many rows. */
const PLANNED_PAGE = 500
/** Subscriptions on one page of migrating: few, so that a pause takes effect within seconds. */
const MOVED_PAGE = 20
/** A slow migration has smaller pages, so that it does not run in bursts: its rate in this fraction of a minute. */
const PAGES_PER_MINUTE = 6
/** As many failures pause a migration: more than a few are not a matter of single subscriptions. */
const FAILURES_MAX = 10
/** A page is 6 events, or 12 with a wait: hundreds of pages, which another worker replays in a moment. */
const HISTORY_EVENTS_MAX = 2_000
const MINUTE_MS = 60_000

/**
 * Migrates subscriptions from one plan version to another, page by page. The items and their results are rows. A run only
 * knows its position, so it may end after any page and continue as new. See README.md.
 */
export async function PlanMigration(input: PlanMigrationInput): Promise<MigrationProgress> {
  const run = restoreMigration(input)
  listen(run)
  try {
    while (run.ended === null) {
      await recordState(run)
      if (run.hold === null) await step(run)
      else await condition(() => run.requested !== null)
      if (run.requested !== null) applySteer(run, run.requested)
      if (run.ended === null && isLong() && run.requested === null) await continueRun(run)
    }
  } catch (error) {
    if (!isCancellation(error)) throw error
    run.ended = 'stopped'
  }
  await CancellationScope.nonCancellable(() => recordState(run))
  run.requested = null
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished))
  return progressOf(run)
}

const progressOf = (run: MigrationRun): MigrationProgress => ({
  state: stateOf(run),
  tally: run.tally,
})

function listen(run: MigrationRun): void {
  setHandler(progress, () => progressOf(run), {
    description: 'The state, and the counts so far.',
  })
  const handleSteer = async (requested: Steer) => {
    run.requested = requested
    // Answered between two pages, when the row shows it.
    await condition(() => run.requested === null)
    return progressOf(run)
  }
  setHandler(steer, handleSteer, {
    validator: (requested) => {
      if (run.requested !== null || !allowsSteer(run, requested))
        throw ApplicationFailure.nonRetryable(
          `a migration that is ${stateOf(run)} cannot ${requested}`,
          STEER_NOT_ALLOWED,
        )
    },
    description: 'Pauses, continues (`go_on`), stops or rolls back.',
  })
}

const isLong = (): boolean => {
  const { continueAsNewSuggested, historyLength } = workflowInfo()
  return continueAsNewSuggested || historyLength > HISTORY_EVENTS_MAX
}

async function continueRun(run: MigrationRun): Promise<void> {
  await condition(allHandlersFinished)
  if (run.requested === null) await continueAsNew(migrationForNextRun(run))
}

/** Writes the state into the row if it changed. After that the operator's request is answered. */
async function recordState(run: MigrationRun): Promise<void> {
  const state = stateOf(run)
  if (run.recorded !== state) {
    const { migrationId, phase } = run
    const heldBecause = reasonOfHold(run)
    await recordMigrationState({ migrationId, state, phase, heldBecause, at: now() })
    run.recorded = state
    setCurrentDetails(migrationCard(run))
  }
  if (run.isApplied) {
    run.isApplied = false
    run.requested = null
  }
}

async function step(run: MigrationRun): Promise<void> {
  switch (run.phase) {
    case 'planning':
      return plan(run)
    case 'canary':
    case 'moving':
      return migrate(run)
    case 'rolling_back':
      return rollBack(run)
  }
}

async function plan(run: MigrationRun): Promise<void> {
  const { migrationId, cursor, canaryPercent } = run
  const page = await planPage({ migrationId, after: cursor, limit: PLANNED_PAGE, at: now() })
  addToTally(run, { planned: page.count })
  run.cursor = page.next
  if (page.next !== null) return
  if (canaryPercent > 0) await chooseCanary({ migrationId, percent: canaryPercent })
  if (run.dryRun) run.ended = 'reviewed'
  else run.phase = canaryPercent > 0 ? 'canary' : 'moving'
}

async function migrate(run: MigrationRun): Promise<void> {
  const { migrationId, phase } = run
  const startedAt = Date.now()
  const canary = phase === 'canary'
  const page = await movePage({ migrationId, canary, limit: pageSizeOf(run), at: now() })
  addToTally(run, page)
  if (run.tally.failedLately >= FAILURES_MAX) {
    run.hold = 'failures'
  } else if (page.tried > 0) {
    await pace(run, page.tried, startedAt)
  } else if (canary) {
    run.phase = 'moving'
    run.hold = 'canary'
  } else {
    run.ended = 'done'
  }
}

async function rollBack(run: MigrationRun): Promise<void> {
  const { migrationId } = run
  const startedAt = Date.now()
  const page = await rollBackPage({ migrationId, limit: pageSizeOf(run), at: now() })
  addToTally(run, page)
  if (page.tried > 0) await pace(run, page.tried, startedAt)
  else run.ended = 'rolled_back'
}

const pageSizeOf = ({ ratePerMinute }: MigrationRun): number =>
  Math.min(MOVED_PAGE, Math.ceil(ratePerMinute / PAGES_PER_MINUTE))

/** Waits until the rate allows the next page, or an operator steers. */
async function pace(run: MigrationRun, count: number, startedAt: number): Promise<void> {
  const waitMs = (count * MINUTE_MS) / run.ratePerMinute - (Date.now() - startedAt)
  if (waitMs > 0) await condition(() => run.requested !== null, waitMs)
}

const now = (): string => new Date().toISOString()
