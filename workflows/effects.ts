import { proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.ts'

/**
 * Steps that speak with Stripe: it answers in seconds or not at all. They are retried for less than a day, the age at
 * which Stripe may forget an idempotency key and the same request would be a new one.
 */
export const {
  openCheckout,
  changeCancellation,
  changePlan,
  withdrawPlanChange,
  pause,
  resume,
  changeTrial,
  forceCancellation,
} = proxyActivities<Activities>({
  // A few requests of some hundred milliseconds each. A worker that died over one is noticed by its silence.
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: '10 seconds',
  scheduleToCloseTimeout: '23 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '2 minutes' },
})

/** Reads from Stripe have no key that could be forgotten: they go on until they get through. */
export const { adopt, observe } = proxyActivities<Activities>({
  // Two reads take a quarter of a second. This is also how long a payment waits when its worker dies over it.
  startToCloseTimeout: '10 seconds',
  retry: {
    initialInterval: '500 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '2 minutes',
  },
})

/** Steps that need the database alone: it answers in milliseconds, or is being restarted. */
export const {
  startFree,
  renew,
  abandon,
  tellAlerts,
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

/** A page of a comparison: a hundred objects at the pace that Stripe allows. Nobody waits, so it goes on for ever. */
export const { reconcilePage } = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
})

/** Pages of a migration: the database, and the workflows of some subscriptions, each of which may have Stripe to ask. */
export const { planPage, chooseCanary, movePage, rollBackPage, standMigration } =
  proxyActivities<Activities>({
    // A page of moves waits ten seconds at most for each of its rounds. A worker that died is noticed by its heartbeat.
    startToCloseTimeout: '3 minutes',
    heartbeatTimeout: '20 seconds',
    retry: {
      initialInterval: '500 milliseconds',
      backoffCoefficient: 2,
      maximumInterval: '1 minute',
    },
  })
