import { proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'

/**
 * Commands to Stripe, which answers in seconds or not at all. They are retried for some minutes: a customer does not expect a
 * command of an hour ago to be carried out, and after a day Stripe may forget its idempotency key. If a command waits behind
 * one, it gives way much earlier: see `give-way.ts`.
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export const {
  openCheckout,
  changeCancellation,
  changePlan,
  withdrawPlanChange,
  pause,
  resume,
  changeTrial,
  changeCollection,
  forceCancellation,
} = proxyActivities<Activities>({
  // A few requests of some hundred milliseconds each. If the worker dies, its missing heartbeat shows it.
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: '10 seconds',
  scheduleToCloseTimeout: '10 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes' },
})

/** Reads from Stripe have no idempotency key that could be forgotten: they are retried until they succeed, or give way. */
export const { adopt: importSubscription, observe } = proxyActivities<Activities>({
  // Two reads take a quarter of a second. A payment waits this long if its worker dies.
  startToCloseTimeout: '10 seconds',
  retry: {
    initialInterval: '500 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '2 minutes',
  },
})

/** Steps that need only the database, which answers in milliseconds, or is restarting. */
export const {
  startFree,
  renew,
  abandon,
  tellAlerts: reportUsageAlerts,
  grantUsage,
  beginReconciliation,
  finishReconciliation,
} = proxyActivities<Activities>({
  startToCloseTimeout: '15 seconds',
  retry: {
    initialInterval: '200 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '30 seconds',
  },
})

/** One page of a comparison: a hundred objects, as fast as Stripe allows. No caller waits, so it is retried forever. */
export const { reconcilePage } = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

/** One page of a plan migration: the database, and the workflows of its subscriptions, which may call Stripe. */
export const {
  planPage,
  chooseCanary,
  movePage,
  rollBackPage,
  standMigration: recordMigrationState,
} = proxyActivities<Activities>({
  // A page waits ten seconds at most for each of its rounds. If the worker dies, its missing heartbeat shows it.
  startToCloseTimeout: '3 minutes',
  heartbeatTimeout: '20 seconds',
  retry: {
    initialInterval: '500 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
  },
})
