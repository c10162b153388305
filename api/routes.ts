import { OpenAPIHono } from '@hono/zod-openapi'
import { operatorActions } from './admin/actions.ts'
import { apiKeys } from './admin/api-keys.ts'
import { payloadCodec } from './admin/codec.ts'
import { drift } from './admin/drift.ts'
import { catalogueAtStripe } from './admin/catalogue-at-stripe.ts'
import { catalogueChanges } from './admin/catalogue-changes.ts'
import { catalogueExport } from './admin/catalogue-export.ts'
import { catalogueFile } from './admin/catalogue-file.ts'
import { adminFeatures } from './admin/features.ts'
import { offers } from './admin/offers.ts'
import { createMigration } from './admin/plan-migrations/create.ts'
import { readMigrations } from './admin/plan-migrations/read.ts'
import { steerMigration } from './admin/plan-migrations/steer.ts'
import { planVersionSale } from './admin/plan-version-sale.ts'
import { adminPlanVersions } from './admin/plan-versions.ts'
import { adminPlans } from './admin/plans.ts'
import { grants } from './admin/grants.ts'
import { overrides } from './admin/overrides.ts'
import { reconciliations } from './admin/reconciliations.ts'
import { stripeEvents } from './admin/stripe-events.ts'
import { stripePrices } from './admin/stripe-prices.ts'
import { changeCollectionOf } from './admin/subscriptions/collection.ts'
import { operateSubscription } from './admin/subscriptions/operate.ts'
import { searchSubscriptions } from './admin/subscriptions/search.ts'
import { syncFigures } from './admin/sync.ts'
import { docs } from './docs.ts'
import type { ApiDependencies, ApiEnvironment } from './environment.ts'
import { health } from './health.ts'
import { checkoutPages } from './pages.ts'
import { invoiceRefunds } from './admin/invoices/refund.ts'
import { customers } from './customer/customer.ts'
import { listInvoices } from './invoices/list.ts'
import { listPlans } from './plans/list.ts'
import { openPortal } from './portal/open.ts'
import { changeCancellation } from './subscriptions/cancellation.ts'
import { previewCancellation } from './subscriptions/cancellation-preview.ts'
import { changePause } from './subscriptions/pause.ts'
import { changeItems } from './subscriptions/items.ts'
import { changePlan } from './subscriptions/plan-change.ts'
import { previewPlanChange } from './subscriptions/plan-preview.ts'
import { syncSubscription } from './subscriptions/sync.ts'
import { changeTrial } from './subscriptions/trial.ts'
import { checkout } from './subscriptions/checkout.ts'
import { explainChange } from './subscriptions/explanation.ts'
import { readSubscriptions } from './subscriptions/read.ts'
import { consumeUsageBatch } from './usage/batch.ts'
import { checkUsage } from './usage/check.ts'
import { consumeUsage } from './usage/consume.ts'
import { getUsage } from './usage/get.ts'
import { usageHistory } from './usage/history.ts'
import { releaseUsage } from './usage/release.ts'
import { reservations } from './usage/reservations.ts'
import { webhookRoutes } from './admin/webhooks/routes.ts'
import { stripeWebhook } from './webhooks/stripe.ts'

/** Routes without an API key or a token. Stripe signs its webhooks, and pages have sessions. */
export function publicRoutes(dependencies: ApiDependencies, basePath: string) {
  const app = new OpenAPIHono<ApiEnvironment>()
  app.route('/', health(dependencies))
  app.route('/', docs())
  app.route('/', checkoutPages())
  app.route(basePath, stripeWebhook(dependencies))
  app.route(basePath, listPlans(dependencies))
  return app
}

/** Routes that need an API key or a user's token. */
export function protectedRoutes(dependencies: ApiDependencies, basePath: string) {
  const app = new OpenAPIHono<ApiEnvironment>()
  const operations = [
    checkout,
    changeCancellation,
    previewCancellation,
    changeItems,
    changePlan,
    previewPlanChange,
    changePause,
    changeTrial,
    syncSubscription,
    readSubscriptions,
    explainChange,
    customers,
    listInvoices,
    openPortal,
    consumeUsage,
    consumeUsageBatch,
    releaseUsage,
    reservations,
    checkUsage,
    getUsage,
    usageHistory,
    grants,
    overrides,
    operatorActions,
    stripeEvents,
    stripePrices,
    drift,
    reconciliations,
    syncFigures,
    catalogueChanges,
    catalogueExport,
    catalogueFile,
    catalogueAtStripe,
    adminFeatures,
    adminPlans,
    adminPlanVersions,
    planVersionSale,
    offers,
    createMigration,
    readMigrations,
    steerMigration,
    apiKeys,
    webhookRoutes,
    invoiceRefunds,
    searchSubscriptions,
    operateSubscription,
    changeCollectionOf,
    payloadCodec,
  ]
  for (const operation of operations) app.route(basePath, operation(dependencies))
  return app
}
