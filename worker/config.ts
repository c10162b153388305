import { z } from 'zod'
import { commonEnvironment, containerConfig, parseEnvironment } from '../assembly/environment.ts'
import { COLLECTION_PAUSE_POLICIES } from '../domain/subscription/access.ts'
import { PAUSE_CREDITS } from '../domain/subscription/pause-credit.ts'
import { REPAIRS_MAX } from '../domain/stripe/reconciliation.ts'

/** Twice as long as Stripe resends or lists an event: an event that is deleted earlier would count as new. */
const EVENT_DAYS_MIN = 60

const schema = commonEnvironment.extend({
  /** The bundle of `npm run build`; without it the worker bundles the sources when it starts. */
  WORKFLOW_BUNDLE: z.string().optional(),
  /** The name that separates this worker's builds in Temporal; without it any worker receives any task. */
  WORKER_DEPLOYMENT: z
    .string()
    .regex(/^[\w-]+$/, 'letters, digits, - and _')
    .optional(),
  /** The build's id; the default is the hash of the workflow code. */
  WORKER_BUILD_ID: z
    .string()
    .regex(/^[\w.-]{1,128}$/, 'letters, digits, ., - and _, at most 128')
    .optional(),
  CHECKOUT_MINUTES: z.coerce.number().int().min(30).max(1_440).default(1_440),
  /** Absent: the ledger is kept forever. Idempotency keys need the last two months. */
  USAGE_RETENTION_MONTHS: z.coerce.number().int().min(2).max(1_200).optional(),
  IDEMPOTENCY_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
  EVENT_RETENTION_DAYS: z.coerce.number().int().min(EVENT_DAYS_MIN).max(3_650).default(400),
  /** Longer than the retries of a webhook: failed webhooks can be replayed. */
  WEBHOOK_RETENTION_DAYS: z.coerce.number().int().min(4).max(3_650).default(30),
  DECISION_RETENTION_DAYS: z.coerce.number().int().min(1).max(36_500).optional(),
  /** The interval at which Stripe's events are listed, to find those that no webhook delivered. */
  STRIPE_POLL_SECONDS: z.coerce.number().int().min(1).max(3_600).default(60),
  /** The UTC hour of the daily comparison of all data with Stripe. */
  RECONCILE_HOUR: z.union([z.literal('off'), z.coerce.number().int().min(0).max(23)]).default(3),
  RECONCILE_MODE: z.enum(['repair', 'report']).default('repair'),
  RECONCILE_REPAIRS_MAX: z.coerce.number().int().min(1).max(1_000_000).default(REPAIRS_MAX),
  ACCESS_WHILE_COLLECTION_PAUSED: z.enum(COLLECTION_PAUSE_POLICIES).default('as_stripe'),
  /** The rest of a paid period when it is paused: see `PauseCredit`. */
  PAUSE_CREDIT: z.enum(PAUSE_CREDITS).default('none'),
  PAST_DUE_GRACE_DAYS: z.coerce.number().int().min(0).max(365).default(7),
})

/** @throws with every variable that is missing or invalid. */
export function readWorkerConfig(environment: NodeJS.ProcessEnv) {
  const parsed = parseEnvironment(schema, environment)
  return {
    container: containerConfig('worker', parsed),
    workflowBundle: parsed.WORKFLOW_BUNDLE,
    deployment: { name: parsed.WORKER_DEPLOYMENT, buildId: parsed.WORKER_BUILD_ID },
    clockFile: parsed.PERENNIAL_CLOCK_FILE,
    pauseCredit: parsed.PAUSE_CREDIT,
    checkoutMinutes: parsed.CHECKOUT_MINUTES,
    retention: {
      usageMonths: parsed.USAGE_RETENTION_MONTHS ?? null,
      idempotencyDays: parsed.IDEMPOTENCY_RETENTION_DAYS,
      payloadDays: parsed.PAYLOAD_RETENTION_DAYS,
      eventDays: parsed.EVENT_RETENTION_DAYS,
      webhookDays: parsed.WEBHOOK_RETENTION_DAYS,
      decisionDays: parsed.DECISION_RETENTION_DAYS ?? null,
    },
    stripePollMs: parsed.STRIPE_POLL_SECONDS * 1_000,
    reconciliation: {
      hour: parsed.RECONCILE_HOUR === 'off' ? null : parsed.RECONCILE_HOUR,
      dryRun: parsed.RECONCILE_MODE === 'report',
      repairsMax: parsed.RECONCILE_REPAIRS_MAX,
    },
    accessPolicy: {
      graceDays: parsed.PAST_DUE_GRACE_DAYS,
      whileCollectionPaused: parsed.ACCESS_WHILE_COLLECTION_PAUSED,
    },
  }
}
