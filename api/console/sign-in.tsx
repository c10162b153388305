import { Hono } from 'hono'
import { hashOfKey } from '../../adapters/secrets/api-key-secret.ts'
import type { ApiEnvironment } from '../environment.ts'
import { isCrossSite, readForm } from '../web/form.ts'
import type { PageSetting } from '../web/setting.ts'
import { Alert } from '../web/parts.tsx'
import { plainPage } from './layout.tsx'
import type { ConsoleSessions } from './session.ts'

/** The address of the page. Requests without a session are sent there. */
export const SIGN_IN = '/console/sign-in'

const START = '/console'
/** Longer than any address of our pages. */
const NEXT_MAX_CHARACTERS = 2_000

/** The page to open after sign-in: one of the console, or its start page. An address elsewhere would be an open redirect. */
function pageOfConsole(next: string | undefined): string {
  if (next === undefined || next.length > NEXT_MAX_CHARACTERS) return START
  const here = 'http://here'
  if (!URL.canParse(next, here)) return START
  const { origin, pathname, search } = new URL(next, here)
  const isPage = origin === here && pathname.startsWith('/console/') && pathname !== SIGN_IN
  return isPage ? pathname + search : START
}

/** The sign-in page of the console, for an API key with the scope `operator`. */
export const signIn = ({ assets, callers }: PageSetting, sessions: ConsoleSessions) => {
  const page = (next: string, problem?: string) =>
    plainPage({ title: 'Sign in', assets, children: <SignInForm next={next} problem={problem} /> })

  return new Hono<ApiEnvironment>()
    .get(SIGN_IN, (c) =>
      c.html(
        page(
          pageOfConsole(c.req.query('next')),
          c.req.query('ended') === undefined ? undefined : 'Your session has ended. Sign in again.',
        ),
      ),
    )
    .post(SIGN_IN, async (c) => {
      if (isCrossSite(c)) return c.html(page(START, 'Sign in from this page.'), 403)
      const { key: presented = '', next } = await readForm(c)
      const after = pageOfConsole(next)
      const key = presented === '' ? undefined : await callers.findKey(presented)
      if (key === undefined)
        return c.html(page(after, 'This key is unknown, expired or revoked.'), 401)
      if (!key.scopes.includes('operator'))
        return c.html(page(after, 'This key does not have the scope “operator”.'), 403)
      await sessions.begin(c, key, hashOfKey(presented))
      return c.redirect(after, 303)
    })
}

type FormProps = { readonly next: string; readonly problem: string | undefined }

const SignInForm = ({ next, problem }: FormProps) => (
  <div class="card">
    <header>
      <h1>Console</h1>
    </header>
    <form method="post" action={SIGN_IN} class="fields">
      <input type="hidden" name="next" value={next} />
      {problem !== undefined && (
        <Alert tone="bad">
          <p>{problem}</p>
        </Alert>
      )}
      <div>
        <label for="key">Operator API key</label>
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
          A key with the scope <code>operator</code>. The session ends after 30 minutes without
          activity, or when the key is revoked.
        </p>
      </div>
      <button class="primary">Sign in</button>
    </form>
  </div>
)
