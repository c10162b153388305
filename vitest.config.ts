import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Promises that hold with either kind of repositories: run once on each. */
const ON_EITHER = [
  'test/adapters/database/repositories/**/*.test.ts',
  'test/e2e/{main-job,crash,telemetry}.test.ts',
  'test/activities/usage-alerts.test.ts',
  'test/api/admin/{api-keys,catalogue,extras,stripe-events,webhook-endpoints}.test.ts',
  'test/api/{invoices/invoices,subscriptions/checkout,usage/usage}.test.ts',
  'test/outbox/webhooks/webhooks.test.ts',
]

/** Repeats of a test that fails, 0 to 1. The report names each test that passed at its second try: it is a fault to look for. */
const retry = process.env['TEST_RETRIES'] === '1' ? 1 : 0

const SHARED = { pool: 'forks', testTimeout: 60_000, hookTimeout: 120_000, retry } as const

/** Most files wait for Temporal or Postgres half of their time, so two of them share two cores well. */
const maxWorkers = Math.max(2, availableParallelism() - 1)

export default defineConfig({
  test: {
    maxWorkers,
    globalSetup: 'test/support/global-setup.ts',
    projects: [
      { test: { ...SHARED, name: 'postgres', include: ['test/**/*.test.ts'] } },
      {
        test: {
          ...SHARED,
          name: 'supabase',
          include: ON_EITHER,
          env: { PERENNIAL_TEST_REPOSITORIES: 'supabase' },
        },
      },
    ],
  },
})
