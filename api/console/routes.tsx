import { Hono, type Context, type Handler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { failureOf } from '../failure.ts'
import { PROBLEMS } from '../problem.ts'
import { isFromElsewhere, isOwnForm, readForm } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { pagePolicy } from '../web/policy.ts'
import { driftPage } from './drift.tsx'
import { inboxPage } from './inbox.tsx'
import { doorPage } from './layout.tsx'
import { migrationsPage } from './migrations.tsx'
import { overviewPage } from './overview.tsx'
import { consoleSessions, type ConsoleEnvironment } from './session.ts'
import { SIGN_IN, signIn } from './sign-in.tsx'
import { subscriptionPage } from './subscription.tsx'
import { subscriptionsPage } from './subscriptions.tsx'

/** Where operators look after all subscriptions. */
export function consolePages(setting: PageSetting) {
  const { assets, logger } = setting
  const sessions = consoleSessions(setting)
  const app = new Hono<ConsoleEnvironment>()
  const plain = (title: string, text: string) =>
    doorPage({
      title,
      assets,
      children: (
        <div class="card">
          <h1>{title}</h1>
          <p class="muted">{text}</p>
          <p>
            <a href="/console">To the console</a>
          </p>
        </div>
      ),
    })
  const notFound: Handler<ConsoleEnvironment> = (c) =>
    c.html(plain('Nothing is here', 'There is no such page, or no such subscription.'), 404)

  /** What changes anything comes from a form of this session. */
  const ownForms = createMiddleware<ConsoleEnvironment>(async (c, next) => {
    if (c.req.method !== 'POST') return next()
    const isOwn = !isFromElsewhere(c) && isOwnForm(await readForm(c), c.get('operator').csrf)
    if (isOwn) return next()
    return c.html(
      plain('Nothing was done', 'This form is from another session. Go back, and try again.'),
      403,
    )
  })

  app.onError((error, c) => {
    const { code, detail } = failureOf(error, logger, c.get('requestId'))
    const { status, title } = PROBLEMS[code]
    return c.html(plain(title, `${detail} Request ${c.get('requestId')}.`), status)
  })
  app.use('/console/*', pagePolicy([]))
  app.route('/', signIn(setting, sessions))
  app.use('/console/*', sessions.signedIn(SIGN_IN), ownForms)
  app.post('/console/sign-out', (c: Context<ConsoleEnvironment>) => {
    sessions.end(c)
    return c.redirect(SIGN_IN, 303)
  })
  app.route('/', overviewPage(setting))
  app.route('/', subscriptionsPage(setting))
  app.route('/', subscriptionPage(setting, notFound))
  app.route('/', inboxPage(setting))
  app.route('/', driftPage(setting))
  app.route('/', migrationsPage(setting))
  app.get('/console/*', notFound)
  return app
}
