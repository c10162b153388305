import { Hono, type Context } from 'hono'
import { bearerOf } from '../auth/authenticate.ts'
import type { ApiEnvironment } from '../environment.ts'
import { documentOf } from '../web/document.tsx'
import { isCrossSite, readForm } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { Alert } from '../web/parts.tsx'
import { speechToStranger } from './setting.ts'
import type { AccountSessions } from './session.ts'

const SESSION = '/account/session'

/** What whoever is not signed in sees; its script takes over a token (`api/assets/account.js`). */
export function accountDoor({ assets, access }: PageSetting) {
  return (
    c: Context,
    given: { readonly wrong?: string; readonly status?: 200 | 401 | 503 } = {},
  ) => {
    const { wrong, status = 401 } = given
    const { texts, format } = speechToStranger(c)
    // Signed in a moment ago, and already not any more: the browser keeps no cookie here.
    const tried = c.req.query('signed') !== undefined
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
              {wrong !== undefined && (
                <Alert tone="bad">
                  <p>{wrong}</p>
                </Alert>
              )}
              <p class="muted">{tried ? texts.noCookies : texts.signedOutWhy}</p>
              {tried && (
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
                // The same token would be refused again, and again.
                data-tried={tried || wrong !== undefined ? 'yes' : 'no'}
              >
                <input type="hidden" name="token" />
                <input type="hidden" name="embedded" />
              </form>
            </div>
          </main>
        ),
      }),
      status,
      // RFC 9110 §15.5.2: what would be let in.
      status === 401 ? { 'www-authenticate': 'Bearer' } : {},
    )
  }
}

/** Takes a user's token, from a form or as the API takes it, and begins a session that ends with it. */
export const accountSession = (setting: PageSetting, sessions: AccountSessions) => {
  const { access, callers, logger } = setting
  const door = accountDoor(setting)
  /** A page that may not show this one may not sign somebody in here either. */
  const isForeign = (c: Context) =>
    isCrossSite(c) && !access.corsOrigins.includes(c.req.header('origin') ?? '')

  return new Hono<ApiEnvironment>()
    .get(SESSION, (c) => door(c, { status: 200 }))
    .post(SESSION, async (c) => {
      const { texts } = speechToStranger(c)
      if (isForeign(c)) return door(c, { wrong: texts.tokenWrong })
      const bearer = bearerOf(c.req.header('authorization'))
      const form = bearer === undefined ? await readForm(c) : {}
      const outcome = await callers.verifyToken(bearer ?? form['token'] ?? '')
      if (outcome.kind === 'unavailable') {
        const requestId = c.get('requestId')
        logger.warn({ err: outcome.cause, requestId }, 'no keys to check tokens by')
        return door(c, { wrong: texts.otherProblem, status: 503 })
      }
      if (outcome.kind !== 'user') return door(c, { wrong: texts.tokenWrong })
      const locale = c.req.query('locale') ?? null
      await sessions.begin(c, outcome, { embedded: form['embedded'] === 'yes', locale })
      return c.redirect('/account?signed=yes', 303)
    })
}
