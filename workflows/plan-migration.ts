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
} from './contract.ts'
import { chooseCanary, movePage, planPage, rollBackPage, standMigration } from './effects.ts'
import {
  add,
  apply,
  beginMigration,
  heldBecause,
  leaveMigration,
  mayBe,
  migrationCard,
  standsAt,
  type MigrationRun,
} from './plan-migration-state.ts'

/** Looked at in one go: a read and a write of as many rows. */
const PLANNED_PAGE = 500
/** Moved in one go: small, so that a pause is obeyed within seconds. */
const MOVED_PAGE = 20
/** Of a slow migration less than that, so that it does not move in bursts: what it may do in so many parts of a minute. */
const PAGES_PER_MINUTE = 6
/** So many failed moves hold a migration: what fails so often is no matter of single subscriptions. */
const FAILURES_MAX = 10
/** A page is six events, or twelve with a wait: hundreds of pages, which another worker replays in a moment. */
const HISTORY_EVENTS_MAX = 2_000
const MINUTE_MS = 60_000

/**
 * Moves subscribers from one version of a plan to another, page by page. What is to be moved and what became of it are
 * rows; a run knows only where it is, so it may end after any page and begin anew. See README.md.
 */
export async function PlanMigration(input: PlanMigrationInput): Promise<MigrationProgress> {
  const run = beginMigration(input)
  const view = (): MigrationProgress => ({ state: standsAt(run), tally: run.tally })
  setHandler(progress, view, { description: 'How far it is.' })
  setHandler(
    steer,
    async (wanted) => {
      run.asked = wanted
      // Answered between two pages, when it is so.
      await condition(() => run.asked === null)
      return view()
    },
    {
      validator: (wanted) => {
        if (run.asked !== null || !mayBe(run, wanted))
          throw ApplicationFailure.nonRetryable(
            `a migration that is ${standsAt(run)} cannot ${wanted}`,
            STEER_NOT_ALLOWED,
          )
      },
      description: 'Pauses, goes on, stops or rolls back.',
    },
  )

  try {
    while (run.ended === null) {
      await stand(run)
      if (run.hold === null) await step(run)
      else await condition(() => run.asked !== null)
      if (run.asked !== null) apply(run, run.asked)
      if (run.ended === null && isLong() && run.asked === null) await goOn(run)
    }
  } catch (error) {
    if (!isCancellation(error)) throw error
    run.ended = 'stopped'
  }
  await CancellationScope.nonCancellable(() => stand(run))
  run.asked = null
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished))
  return view()
}

const isLong = (): boolean => {
  const { continueAsNewSuggested, historyLength } = workflowInfo()
  return continueAsNewSuggested || historyLength > HISTORY_EVENTS_MAX
}

async function goOn(run: MigrationRun): Promise<void> {
  await condition(allHandlersFinished)
  if (run.asked === null) await continueAsNew(leaveMigration(run))
}

/** Has the row say where the migration stands; whoever steered it is answered after that. */
async function stand(run: MigrationRun): Promise<void> {
  const state = standsAt(run)
  if (run.told !== state) {
    const { migrationId, phase } = run
    await standMigration({ migrationId, state, phase, heldBecause: heldBecause(run), at: now() })
    run.told = state
    setCurrentDetails(migrationCard(run))
  }
  if (run.applied) {
    run.applied = false
    run.asked = null
  }
}

async function step(run: MigrationRun): Promise<void> {
  switch (run.phase) {
    case 'planning':
      return plan(run)
    case 'canary':
    case 'moving':
      return move(run)
    case 'rolling_back':
      return rollBack(run)
  }
}

async function plan(run: MigrationRun): Promise<void> {
  const { migrationId, cursor, canaryPercent } = run
  const page = await planPage({ migrationId, after: cursor, limit: PLANNED_PAGE, at: now() })
  add(run, { planned: page.count })
  run.cursor = page.next
  if (page.next !== null) return
  if (canaryPercent > 0) await chooseCanary({ migrationId, percent: canaryPercent })
  if (run.dryRun) run.ended = 'reviewed'
  else run.phase = canaryPercent > 0 ? 'canary' : 'moving'
}

async function move(run: MigrationRun): Promise<void> {
  const { migrationId, phase } = run
  const began = Date.now()
  const canary = phase === 'canary'
  const page = await movePage({ migrationId, canary, limit: pageOf(run), at: now() })
  add(run, page)
  if (run.tally.failedLately >= FAILURES_MAX) {
    run.hold = 'failures'
  } else if (page.tried > 0) {
    await pace(run, page.tried, began)
  } else if (canary) {
    run.phase = 'moving'
    run.hold = 'canary'
  } else {
    run.ended = 'done'
  }
}

async function rollBack(run: MigrationRun): Promise<void> {
  const { migrationId } = run
  const began = Date.now()
  const page = await rollBackPage({ migrationId, limit: pageOf(run), at: now() })
  add(run, page)
  if (page.tried > 0) await pace(run, page.tried, began)
  else run.ended = 'rolled_back'
}

const pageOf = ({ ratePerMinute }: MigrationRun): number =>
  Math.min(MOVED_PAGE, Math.ceil(ratePerMinute / PAGES_PER_MINUTE))

/** Waits until as many more may be moved, or somebody steers. */
async function pace(run: MigrationRun, count: number, began: number): Promise<void> {
  const waitMs = (count * MINUTE_MS) / run.ratePerMinute - (Date.now() - began)
  if (waitMs > 0) await condition(() => run.asked !== null, waitMs)
}

const now = (): string => new Date().toISOString()
