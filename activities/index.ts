import { changeCancellation } from './cancellation.ts'
import { abandon, openCheckout, startFree } from './checkout.ts'
import { changeCollection } from './collection.ts'
import { adopt } from './import.ts'
import { observe } from './observation.ts'
import { forceCancellation, grantUsage } from './operator-commands.ts'
import type { ActivityParts } from './parts.ts'
import { pause, resume } from './pause.ts'
import { changePlan, withdrawPlanChange } from './plan-change.ts'
import { chooseCanary, movePage, planPage, rollBackPage, standMigration } from './plan-migration.ts'
import { beginReconciliation, finishReconciliation, reconcilePage } from './reconciliation.ts'
import { renew } from './renewal.ts'
import { changeTrial } from './trial.ts'
import { tellAlerts } from './usage-alerts.ts'

/** The activities by name. Their names stand in the histories of running workflows and never change. */
const ACTIVITIES = {
  abandon,
  adopt,
  beginReconciliation,
  changeCancellation,
  changeCollection,
  changePlan,
  changeTrial,
  chooseCanary,
  finishReconciliation,
  forceCancellation,
  grantUsage,
  movePage,
  observe,
  openCheckout,
  pause,
  planPage,
  reconcilePage,
  renew,
  resume,
  rollBackPage,
  standMigration,
  startFree,
  tellAlerts,
  withdrawPlanChange,
}

type Bound<Effect> = Effect extends (parts: never, request: infer Request) => infer Result
  ? (request: Request) => Result
  : never

export type Activities = {
  [Name in keyof typeof ACTIVITIES]: Bound<(typeof ACTIVITIES)[Name]>
}

/** Steps that an event or the time starts. Nobody waits for them, so their requests to Stripe give way to callers. */
const BY_EVENTS: ReadonlySet<string> = new Set<keyof typeof ACTIVITIES>([
  'adopt',
  'observe',
  'renew',
  'tellAlerts',
])

type WorkerParts = ActivityParts & {
  /** The gateway of steps that an event or the time starts. */
  readonly eventStripe: ActivityParts['stripe']
}

/** Binds each activity to its parts, for the worker. */
export function createActivities({ eventStripe, ...parts }: WorkerParts): Activities {
  const ofEvents = { ...parts, stripe: eventStripe }
  const bound = Object.entries(ACTIVITIES).map(([name, effect]) => [
    name,
    (request: never) => effect(BY_EVENTS.has(name) ? ofEvents : parts, request),
  ])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same names, each with one argument less
  return Object.fromEntries(bound) as Activities
}
