import { Hono } from 'hono'
import type { AskApi } from '../ask.ts'
import type { Access } from '../auth/access.ts'
import { bodyLimit } from '../middleware/body-limit.ts'
import { consolePages } from '../console/routes.tsx'
import { accountPages } from '../account/routes.tsx'
import type { ApiDependencies, ApiEnvironment, PagesConfig } from '../environment.ts'
import { problem } from '../problem.ts'
import { createAssets, type Assets } from './assets.ts'
import { FORM_MAX_BYTES } from './form.ts'

export type PageDependencies = ApiDependencies & {
  readonly pages: PagesConfig
  readonly callers: Access
  readonly ask: AskApi
}

export type PageSetting = PageDependencies & {
  readonly assets: Assets
  /** Whether people come over HTTPS: their cookies then go by nothing else. */
  readonly secure: boolean
}

/** Pages for people: operators at `/console`, users at `/account`. */
export function pages(dependencies: PageDependencies) {
  const assets = createAssets()
  const secure = dependencies.publicUrl.startsWith('https:')
  const setting: PageSetting = { ...dependencies, assets, secure }
  const app = new Hono<ApiEnvironment>()
  const limit = bodyLimit({
    maxSize: FORM_MAX_BYTES,
    onError: (c) => problem(c, 'body_too_large', 'A form has at most 16 KiB.'),
  })
  for (const path of ['/console/*', '/account/*']) app.use(path, limit)
  app.route('/', assets.routes)
  app.route('/', consolePages(setting))
  app.route('/', accountPages(setting))
  return app
}
