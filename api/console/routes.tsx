import { Hono, type Context, type Handler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { failureOf } from '../failure.ts'
import { PROBLEMS } from '../problem.ts'
import { isCrossSite, hasCsrfToken, readForm } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { pagePolicy } from '../web/policy.ts'
import { apiKeysPage } from './api-keys.tsx'
import { cataloguePage } from './catalogue.tsx'
import { driftPage } from './drift.tsx'
import { exportsPage } from './exports.tsx'
import { inboxPage } from './inbox.tsx'
import { invoicePage } from './invoice.tsx'
import { plainPage } from './layout.tsx'
import { newMigrationPage } from './migration-new.tsx'
import { migrationsPage } from './migrations.tsx'
import { overviewPage } from './overview.tsx'
import { planPage } from './plan.tsx'
import { wordsOf } from '../web/problem-words/problem-words.ts'
import { revenuePage } from './revenue.tsx'
import { consoleSessions, type ConsoleEnvironment } from './session.ts'
import { SIGN_IN, signIn } from './sign-in.tsx'
import { subscriptionPage } from './subscription.tsx'
import { subscriptionsPage } from './subscriptions.tsx'
import { deliveriesPage } from './webhook-deliveries.tsx'
import { webhooksPage } from './webhooks.tsx'

/** The pages of a signed-in operator, in the order in which their addresses are compared. */
const PAGES: readonly ((
  setting: PageSetting,
  notFound: Handler<ConsoleEnvironment>,
) => Hono<ConsoleEnvironment>)[] = [
  overviewPage,
  revenuePage,
  exportsPage,
  subscriptionsPage,
  subscriptionPage,
  invoicePage,
  inboxPage,
  driftPage,
  cataloguePage,
  planPage,
  newMigrationPage,
  migrationsPage,
  deliveriesPage,
  webhooksPage,
  apiKeysPage,
]

/** The console, where operators manage all subscriptions. */
export function consolePages(setting: PageSetting) {
  const { assets, logger } = setting
  const sessions = consoleSessions(setting)
  const app = new Hono<ConsoleEnvironment>()
  const errorPage = (title: string, text: string) =>
    plainPage({
      title,
      assets,
      children: (
        <div class="card">
          <h1>{title}</h1>
          <p class="muted">{text}</p>
          <p>
            <a href="/console">Open the console</a>
          </p>
        </div>
      ),
    })
  const notFound: Handler<ConsoleEnvironment> = (c) =>
    c.html(errorPage('Not found', 'This page or subscription does not exist.'), 404)

  /** Refuses forms that were not sent from a page of this session. */
  const requireOwnForm = createMiddleware<ConsoleEnvironment>(async (c, next) => {
    if (c.req.method !== 'POST') return next()
    const isOwn = !isCrossSite(c) && hasCsrfToken(await readForm(c), c.get('operator').csrf)
    if (isOwn) return next()
    return c.html(
      errorPage(
        'Nothing was changed',
        'This form belongs to another session. Reload the page and try again.',
      ),
      403,
    )
  })

  app.onError((error, c) => {
    const { code } = failureOf(error, logger, c.get('requestId'))
    const { status, title } = PROBLEMS[code]
    return c.html(
      errorPage(title, `${wordsOf(code).team} Reference: ${c.get('requestId')}.`),
      status,
    )
  })
  app.use('/console/*', pagePolicy([]))
  app.route('/', signIn(setting, sessions))
  app.use('/console/*', sessions.signedIn(SIGN_IN), requireOwnForm)
  app.post('/console/sign-out', async (c: Context<ConsoleEnvironment>) => {
    await sessions.end(c)
    return c.redirect(SIGN_IN, 303)
  })
  for (const page of PAGES) app.route('/', page(setting, notFound))
  app.all('/console/*', notFound)
  return app
}
