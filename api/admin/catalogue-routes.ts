import { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { catalogueAtStripe } from './catalogue-at-stripe.ts'
import { catalogueChanges } from './catalogue-changes.ts'
import { adminFeatures } from './features.ts'
import { offers } from './offers.ts'
import { createMigration } from './plan-migrations/create.ts'
import { readMigrations } from './plan-migrations/read.ts'
import { steerMigration } from './plan-migrations/steer.ts'
import { adminPlanVersions } from './plan-versions.ts'
import { adminPlans } from './plans.ts'

/** What operators do with the catalogue, and with who has which version of it. */
export const catalogueRoutes = (dependencies: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>()
    .route('/', catalogueChanges(dependencies))
    .route('/', catalogueAtStripe(dependencies))
    .route('/', adminFeatures(dependencies))
    .route('/', adminPlans(dependencies))
    .route('/', adminPlanVersions(dependencies))
    .route('/', offers(dependencies))
    .route('/', createMigration(dependencies))
    .route('/', readMigrations(dependencies))
    .route('/', steerMigration(dependencies))
