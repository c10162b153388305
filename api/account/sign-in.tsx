import { Hono, type Context } from 'hono'
import { bearerOf } from '../auth/authenticate.ts'
import type { ApiEnvironment } from '../environment.ts'
import { documentOf } from '../web/document.tsx'
import { comesFromOurPage, isCrossSite, readForm, type Form } from '../web/form.ts'
import { confirmSignIn } from './confirm-sign-in.tsx'
import type { PageSetting } from '../web/setting.ts'
import { Alert } from '../web/parts.tsx'
import { speechOfRequest } from './setting.ts'
import type { AccountSessions } from './session.ts'

const SESSION = '/account/session'

type SignedOut = {
  /** Why the sign-in failed. */
  readonly problem?: string
  readonly status?: 200 | 401 | 503
}

/** The page for a visitor who is not signed in. Its script accepts a token (`api/assets/account.js`). */
export function showSignedOut(
  c: Context,
  { assets, access }: PageSetting,
  { problem, status = 401 }: SignedOut = {},
) {
  const { texts, format } = speechOfRequest(c)
  // Signed in a moment ago and signed out again: the browser does not keep the cookie.
  const hasNoCookies = c.req.query('signed') !== undefined
  const locale = c.req.query('locale')
  const query = locale === undefined ? '' : `?${new URLSearchParams({ locale }).toString()}`
  return c.html(
    documentOf({
      title: texts.signedOut,
      lang: format.locale,
      assets,
      scripts: ['account.js'],
      children: (
        <main class="centered">
          <div class="card fields">
            <h1>{texts.signedOut}</h1>
            {problem !== undefined && (
              <Alert tone="bad">
                <p>{problem}</p>
              </Alert>
            )}
            <p class="muted">{hasNoCookies ? texts.noCookies : texts.signedOutWhy}</p>
            {hasNoCookies && (
              <p>
                <a href="/account" target="_blank" rel="noopener">
                  {texts.openAlone}
                </a>
              </p>
            )}
            <form
              method="post"
              action={`${SESSION}${query}`}
              class="hidden"
              aria-hidden="true"
              data-handover
              data-origins={access.corsOrigins.join(' ')}
              // The same token would be refused again and again.
              data-tried={hasNoCookies || problem !== undefined ? 'yes' : 'no'}
            >
              <input type="hidden" name="token" />
              <input type="hidden" name="embedded" />
              <input type="hidden" name="by" />
            </form>
          </div>
        </main>
      ),
    }),
    status,
    // RFC 9110 §15.5.2: a 401 names the scheme to sign in with.
    status === 401 ? { 'www-authenticate': 'Bearer' } : {},
  )
}

/**
 * Whether nobody has to be asked: a listed application passed the token to its frame, the user pressed the button, or the
 * session stays the same user's. A link may come from a stranger, who would see what the user then enters or pays.
 */
const isSure = (form: Form, userId: string, present: string | undefined) =>
  form['by'] === 'page' || form['confirmed'] === 'yes' || present === userId

/** Accepts a user's token, in a form or in the `Authorization` header, and starts a session that ends when the token expires. */
export const accountSession = (setting: PageSetting, sessions: AccountSessions) => {
  const { access, callers, logger } = setting
  /** Only sites that may show the account page may sign a user in. */
  const isForbiddenSite = (c: Context) =>
    isCrossSite(c) && !access.corsOrigins.includes(c.req.header('origin') ?? '')

  return new Hono<ApiEnvironment>()
    .get(SESSION, (c) => showSignedOut(c, setting, { status: 200 }))
    .post(SESSION, async (c) => {
      const { texts } = speechOfRequest(c)
      if (isForbiddenSite(c)) return showSignedOut(c, setting, { problem: texts.tokenWrong })
      const bearer = bearerOf(c.req.header('authorization'))
      const form = bearer === undefined ? await readForm(c) : {}
      const outcome = await callers.verifyToken(bearer ?? form['token'] ?? '')
      if (outcome.kind === 'unavailable') {
        const requestId = c.get('requestId')
        logger.warn({ err: outcome.cause, requestId }, 'no keys to verify tokens with')
        return showSignedOut(c, setting, { problem: texts.otherProblem, status: 503 })
      }
      if (outcome.kind !== 'user') return showSignedOut(c, setting, { problem: texts.tokenWrong })
      const locale = c.req.query('locale') ?? null
      const present = await sessions.read(c)
      if (comesFromOurPage(c) && !isSure(form, outcome.userId, present?.userId))
        return c.html(confirmSignIn({ c, setting, outcome, form, present }))
      await sessions.begin(c, outcome, { embedded: form['embedded'] === 'yes', locale })
      return c.redirect('/account?signed=yes', 303)
    })
}
