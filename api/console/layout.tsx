import type { Child } from 'hono/jsx'
import type { AssetName, Assets } from '../web/assets.ts'
import { documentOf, Mark } from '../web/document.tsx'
import { createFormat } from '../web/format.ts'
import { Csrf } from '../web/parts.tsx'
import type { Operator } from './session.ts'

/** The console is in English and shows instants in UTC, as Stripe and the database do. */
export const FORMAT = createFormat('en')

const NAV = [
  { path: '/console', name: 'Overview' },
  { path: '/console/subscriptions', name: 'Subscriptions' },
  { path: '/console/catalogue', name: 'Catalogue' },
  { path: '/console/migrations', name: 'Migrations' },
  { path: '/console/webhooks', name: 'Webhooks' },
  { path: '/console/api-keys', name: 'API keys' },
  { path: '/console/inbox', name: 'Inbox' },
  { path: '/console/drift', name: 'Drift' },
] as const

type ConsolePage = {
  readonly title: string
  readonly assets: Assets
  readonly operator: Operator
  readonly path: (typeof NAV)[number]['path']
  readonly styles?: readonly AssetName[]
  readonly scripts?: readonly AssetName[]
  readonly children: Child
}

/** A page for a signed-in operator. */
export const consolePage = ({ title, assets, operator, path, children, ...rest }: ConsolePage) =>
  documentOf({
    title: `${title} · Perennial`,
    lang: 'en',
    assets,
    ...rest,
    children: (
      <>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header class="top">
          <div class="top-inner">
            <a class="brand" href="/console">
              <Mark />
              Perennial
            </a>
            <nav class="nav" aria-label="Console">
              {NAV.map((each) => (
                <a href={each.path} {...(each.path === path && { 'aria-current': 'page' })}>
                  {each.name}
                </a>
              ))}
            </nav>
            <div class="who">
              <span title={operator.keyName}>{operator.keyName}</span>
              <form method="post" action="/console/sign-out">
                <Csrf token={operator.csrf} />
                <button class="quiet">Sign out</button>
              </form>
            </div>
          </div>
        </header>
        <main id="main">{children}</main>
      </>
    ),
  })

type Plain = { readonly title: string; readonly assets: Assets; readonly children: Child }

/** A page without navigation: the sign-in form, or an error. */
export const plainPage = ({ title, assets, children }: Plain) =>
  documentOf({
    title: `${title} · Perennial`,
    lang: 'en',
    assets,
    children: (
      <main class="centered">
        <span class="brand">
          <Mark />
          Perennial
        </span>
        {children}
      </main>
    ),
  })
