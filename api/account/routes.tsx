import { Hono, type Context, type Handler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { failureOf } from '../failure.ts'
import { PROBLEMS } from '../problem.ts'
import { isCrossSite, hasCsrfToken, readForm } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { pagePolicy } from '../web/policy.ts'
import { USER_ACTIONS, isUserAction } from './user-actions.ts'
import { addonChange, isStale } from './addons.tsx'
import { atStripe } from './at-stripe.tsx'
import { plainPage } from './layout.tsx'
import { accountOverview, showOverview } from './overview.tsx'
import { ownSubscription } from './own.ts'
import { planChange } from './plan-change.tsx'
import { accountSessions, type AccountEnvironment } from './session.ts'
import { speechOfRequest } from './setting.ts'
import { accountSession, showSignedOut } from './sign-in.tsx'

/** The account page, where users manage their own subscription. */
export function accountPages(setting: PageSetting) {
  const sessions = accountSessions(setting)
  const notFound: Handler<AccountEnvironment> = (c) => {
    const { texts } = speechOfRequest(c)
    const text = texts.notFoundWhy
    return c.html(messagePage(c, setting, { title: texts.notFound, text }), 404)
  }
  const app = new Hono<AccountEnvironment>()
  app.onError((error, c) => {
    const { code } = failureOf(error, setting.logger, c.get('requestId'))
    const { broken, otherProblem, requestId } = speechOfRequest(c).texts
    const text = `${otherProblem} ${requestId(c.get('requestId'))}`
    return c.html(messagePage(c, setting, { title: broken, text }), PROBLEMS[code].status)
  })
  app.use('/account/*', pagePolicy(["'self'", ...setting.access.corsOrigins]))
  app.route('/', accountSession(setting, sessions))
  app.use(
    '/account/*',
    sessions.signedIn((c) => showSignedOut(c, setting)),
    requireOwnForm(setting),
  )
  app.route('/', accountOverview(setting))
  app.route('/', planChange(setting, notFound))
  app.route('/', addonChange(setting, notFound))
  app.route('/', atStripe(setting))
  app.post('/account/sign-out', async (c) => {
    await sessions.end(c)
    return c.redirect('/account', 303)
  })
  app.route('/', userActions(setting, notFound))
  app.get('/account/*', notFound)
  return app
}

/** Refuses forms that were not sent from a page of this session. */
const requireOwnForm = (setting: PageSetting) =>
  createMiddleware<AccountEnvironment>(async (c, next) => {
    if (c.req.method !== 'POST') return next()
    const isOwn = !isCrossSite(c) && hasCsrfToken(await readForm(c), c.get('visitor').csrf)
    if (isOwn) return next()
    const { texts } = speechOfRequest(c)
    const text = texts.staleFormWhy
    return c.html(messagePage(c, setting, { title: texts.staleForm, text }), 403)
  })

const userActions = (setting: PageSetting, notFound: Handler<AccountEnvironment>) =>
  new Hono<AccountEnvironment>().post('/account/subscriptions/:id/:action', async (c, next) => {
    const action = c.req.param('action')
    const own = await ownSubscription(c, setting, c.req.param('id'))
    if (own === undefined || !isUserAction(action)) return notFound(c, next)
    const form = await readForm(c)
    if (action === 'change-items' && (await isStale(setting, own, form)))
      return showOverview(c, setting, { problem: 'moved_on' })
    const answer = await setting.ask({
      caller: c.get('visitor').caller,
      requestId: c.get('requestId'),
      key: form['key'],
      ...USER_ACTIONS[action](own.id, form),
    })
    return answer.ok
      ? c.redirect(`/account?done=${action}`, 303)
      : showOverview(c, setting, { problem: answer.problem.code })
  })

type Message = { readonly title: string; readonly text: string }

const messagePage = (c: Context, { assets }: PageSetting, message: Message) =>
  plainPage({ ...message, assets, speech: speechOfRequest(c) })
