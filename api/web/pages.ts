import { Hono } from 'hono'
import { bodyLimit } from '../middleware/body-limit.ts'
import { consolePages } from '../console/routes.tsx'
import { accountPages } from '../account/routes.tsx'
import { pricingPage } from '../pricing/routes.tsx'
import type { ApiEnvironment } from '../environment.ts'
import { problem } from '../problem.ts'
import { createAssets } from './assets.ts'
import { FORM_MAX_BYTES } from './form.ts'
import { homePage } from './home.tsx'
import { knownPageQuery } from './page-query.ts'
import type { PageDependencies, PageSetting } from './setting.ts'

/** The HTML pages: the console of operators at `/console`, the account page of users at `/account`, and the public `/pricing`. */
export function pages(dependencies: PageDependencies) {
  const assets = createAssets()
  const secure = dependencies.publicUrl.startsWith('https:')
  const setting: PageSetting = { ...dependencies, assets, secure }
  const app = new Hono<ApiEnvironment>()
  const limit = bodyLimit({
    maxSize: FORM_MAX_BYTES,
    onError: (c) =>
      problem(c, 'body_too_large', `A form has at most ${FORM_MAX_BYTES / 1_024} KiB.`),
  })
  for (const path of ['/console/*', '/account/*', '/pricing']) app.use(path, limit, knownPageQuery)
  app.route('/', assets.routes)
  app.route('/', homePage(setting))
  app.route('/', pricingPage(setting))
  app.route('/', consolePages(setting))
  app.route('/', accountPages(setting))
  return app
}
