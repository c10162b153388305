import { Hono, type Handler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { failureOf } from '../failure.ts'
import { PROBLEMS } from '../problem.ts'
import { isCrossSite, hasCsrfToken, readForm } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { pagePolicy } from '../web/policy.ts'
import { USER_ACTIONS, isUserAction } from './user-actions.ts'
import { atStripe } from './at-stripe.tsx'
import { plainPage } from './layout.tsx'
import { accountOverview } from './overview.tsx'
import { ownSubscription } from './own.ts'
import { planChange } from './plan-change.tsx'
import { accountSessions, type AccountEnvironment } from './session.ts'
import { speechToStranger } from './setting.ts'
import { accountDoor, accountSession } from './sign-in.tsx'

/** Where users look after their own subscription. */
export function accountPages(setting: PageSetting) {
  const { assets, logger, access, ask } = setting
  const sessions = accountSessions(setting)
  const door = accountDoor(setting)
  const overview = accountOverview(setting)

  const notFound: Handler<AccountEnvironment> = (c) => {
    const speech = speechToStranger(c)
    const { notFound: title, notFoundWhy: text } = speech.texts
    return c.html(plainPage({ title, text, assets, speech }), 404)
  }
  /** What changes anything comes from a form of this session. */
  const ownForms = createMiddleware<AccountEnvironment>(async (c, next) => {
    if (c.req.method !== 'POST') return next()
    const isOwn = !isCrossSite(c) && hasCsrfToken(await readForm(c), c.get('visitor').csrf)
    if (isOwn) return next()
    const speech = speechToStranger(c)
    const { otherForm: title, otherFormWhy: text } = speech.texts
    return c.html(plainPage({ title, text, assets, speech }), 403)
  })

  const app = new Hono<AccountEnvironment>()
  app.onError((error, c) => {
    const { code } = failureOf(error, logger, c.get('requestId'))
    const speech = speechToStranger(c)
    const { broken, otherProblem, requestId } = speech.texts
    const text = `${otherProblem} ${requestId(c.get('requestId'))}`
    return c.html(plainPage({ title: broken, text, assets, speech }), PROBLEMS[code].status)
  })
  app.use('/account/*', pagePolicy(["'self'", ...access.corsOrigins]))
  app.route('/', accountSession(setting, sessions))
  app.use(
    '/account/*',
    sessions.signedIn((c) => door(c)),
    ownForms,
  )
  app.route('/', overview.routes)
  app.route('/', planChange(setting, overview, notFound))
  app.route('/', atStripe(setting, overview))
  app.post('/account/sign-out', (c) => {
    sessions.end(c)
    return c.redirect('/account', 303)
  })
  app.post('/account/subscriptions/:id/:act', async (c, next) => {
    const act = c.req.param('act')
    const own = await ownSubscription(c, setting, c.req.param('id'))
    if (own === undefined || !isUserAction(act)) return notFound(c, next)
    const form = await readForm(c)
    const answer = await ask({
      caller: c.get('visitor').caller,
      requestId: c.get('requestId'),
      key: form['key'],
      ...USER_ACTIONS[act](own.id, form),
    })
    return answer.ok
      ? c.redirect(`/account?done=${act}`, 303)
      : overview.show(c, { problem: answer.problem.code })
  })
  app.get('/account/*', notFound)
  return app
}
