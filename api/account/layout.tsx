import type { Child } from 'hono/jsx'
import type { Assets } from '../web/assets.ts'
import { documentOf } from '../web/document.tsx'
import { Csrf } from '../web/parts.tsx'
import type { Speech, Visit } from './setting.ts'

type AccountPage = {
  readonly title: string
  readonly assets: Assets
  readonly visit: Visit
  /** Shown next to the title. */
  readonly aside?: Child
  readonly children: Child
}

/** A page for a signed-in user. */
export const accountPage = ({ title, assets, visit, aside, children }: AccountPage) =>
  documentOf({
    title,
    lang: visit.format.locale,
    assets,
    scripts: ['account.js'],
    children: (
      <>
        <a class="skip" href="#main">
          {visit.texts.skip}
        </a>
        <main id="main" class="narrow">
          <div class="head">
            <h1>{title}</h1>
            {aside}
          </div>
          {children}
        </main>
      </>
    ),
  })

/** The end of the account page: the other language, who is signed in, and signing out. */
export const Foot = ({ visit: { texts, visitor, format } }: { readonly visit: Visit }) => (
  <footer class="foot">
    <span>
      {format.locale.startsWith('pt') ? (
        <a href="/account?locale=en" lang="en" hreflang="en">
          English
        </a>
      ) : (
        <a href="/account?locale=pt" lang="pt" hreflang="pt">
          Português
        </a>
      )}
    </span>
    <span class="muted">{texts.signedInAs(visitor.email ?? visitor.userId)}</span>
    {!visitor.embedded && (
      <form method="post" action="/account/sign-out">
        <Csrf token={visitor.csrf} />
        <button class="quiet">{texts.signOut}</button>
      </form>
    )}
  </footer>
)

type Plain = {
  readonly title: string
  readonly text?: string
  readonly assets: Assets
  readonly speech: Speech
  readonly children?: Child
}

/** A page with a single message. */
export const plainPage = ({ title, text, assets, speech, children }: Plain) =>
  documentOf({
    title,
    lang: speech.format.locale,
    assets,
    children: (
      <main class="centered">
        <div class="card fields">
          <h1>{title}</h1>
          {text !== undefined && <p class="muted">{text}</p>}
          {children}
        </div>
      </main>
    ),
  })
