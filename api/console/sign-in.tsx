import { Hono } from 'hono'
import { hashOfKey } from '../../adapters/secrets/api-key-secret.ts'
import type { ApiEnvironment } from '../environment.ts'
import { isFromElsewhere, readForm } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { Alert } from '../web/parts.tsx'
import { doorPage } from './layout.tsx'
import type { ConsoleSessions } from './session.ts'

export const SIGN_IN = '/console/sign-in'

/** The console's door: an API key of the scope `operator` opens it. */
export const signIn = ({ assets, callers }: PageSetting, sessions: ConsoleSessions) => {
  const page = (wrong?: string) =>
    doorPage({
      title: 'Sign in',
      assets,
      children: (
        <div class="card">
          <header>
            <h1>Console</h1>
          </header>
          <form method="post" action={SIGN_IN} class="fields">
            {wrong !== undefined && (
              <Alert tone="bad">
                <p>{wrong}</p>
              </Alert>
            )}
            <div>
              <label for="key">API key of an operator</label>
              <input
                id="key"
                name="key"
                type="password"
                autocomplete="off"
                autofocus
                required
                aria-describedby="key-hint"
              />
              <p class="hint" id="key-hint">
                One with the scope <code>operator</code>. The session ends with the key, or after 30
                minutes of doing nothing.
              </p>
            </div>
            <button class="primary">Sign in</button>
          </form>
        </div>
      ),
    })

  return new Hono<ApiEnvironment>()
    .get(SIGN_IN, (c) =>
      c.html(
        page(
          c.req.query('ended') === undefined ? undefined : 'The session is over. Sign in again.',
        ),
      ),
    )
    .post(SIGN_IN, async (c) => {
      if (isFromElsewhere(c)) return c.html(page('Sign in on this page.'), 403)
      const { key: presented = '' } = await readForm(c)
      const key = presented === '' ? undefined : await callers.findKey(presented)
      if (key === undefined)
        return c.html(page('This key is unknown, expired or was revoked.'), 401)
      if (!key.scopes.includes('operator'))
        return c.html(page('This key has not the scope “operator”.'), 403)
      await sessions.begin(c, hashOfKey(presented))
      return c.redirect('/console', 303)
    })
}
