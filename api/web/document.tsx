import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { AssetName, Assets } from './assets.ts'

type Page = {
  readonly title: string
  readonly lang: string
  readonly assets: Assets
  readonly styles?: readonly AssetName[]
  readonly scripts?: readonly AssetName[]
  /** Whether search engines may list the page. */
  readonly isPublic?: boolean
  readonly children: Child
}

/** A complete HTML page. */
export const documentOf = ({
  title,
  lang,
  assets,
  styles = [],
  scripts = [],
  isPublic = false,
  children,
}: Page) =>
  html`<!doctype html>${(
      <html lang={lang}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          {!isPublic && <meta name="robots" content="noindex" />}
          <title>{title}</title>
          <link rel="icon" href="data:," />
          {(['page.css', ...styles] as const).map((name) => (
            <link rel="stylesheet" href={assets.at(name)} />
          ))}
          {scripts.map((name) => (
            <script defer src={assets.at(name)} />
          ))}
        </head>
        <body>{children}</body>
      </html>
    )}`

/** The logo: a plant that comes back each year. */
export const Mark = () => (
  <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
    <path d="M12 21v-9" stroke-linecap="round" />
    <path d="M12 12C12 7.5 8.5 5 4 5c0 4.5 3 7 8 7Z" fill="currentColor" stroke-linejoin="round" />
    <path d="M12 15c0-4 3-6.5 8-6.5C20 12.5 17 15 12 15Z" stroke-linejoin="round" />
  </svg>
)
