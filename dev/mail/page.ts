import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { StoredMail } from './store.ts'

/** How often an open page checks for new messages. */
const REFRESH_MS = 2_000

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 15%, transparent) }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
header { display: flex; align-items: baseline; gap: 1rem; margin-bottom: 1rem }
h1 { font-size: 1.25rem; margin: 0; flex: 1 }
a { color: inherit } table { width: 100%; border-collapse: collapse }
td { padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line); vertical-align: top }
td:first-child, td:last-child { white-space: nowrap; opacity: .7 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem } dt { opacity: .7 } dd { margin: 0 }
iframe { width: 100%; height: 32rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff }
pre { white-space: pre-wrap; border: 1px solid var(--line); border-radius: .5rem; padding: 1rem }
.empty { opacity: .7; padding: 3rem 0; text-align: center }
`

const SCRIPT = `
const { revision } = document.body.dataset
if (revision) setInterval(async () => {
  const response = await fetch('/api/revision')
  if (response.ok && String((await response.json()).revision) !== revision) location.reload()
}, ${REFRESH_MS})
document.querySelector('#clear')?.addEventListener('click', async () => {
  await fetch('/api/messages', { method: 'DELETE' })
  location.reload()
})
`

/** In one piece: white space around the script would change its hash. */
const SCRIPT_ELEMENT = raw(`<script>${SCRIPT}</script>`)
const SCRIPT_HASH = createHash('sha256').update(SCRIPT).digest('base64')

/** Nothing is loaded from other hosts, and only the script of this page runs. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${SCRIPT_HASH}'`,
  "connect-src 'self'",
  "frame-src 'self'",
].join('; ')

/** @param revision Of the list: an open page reloads when it changes. */
export function listPage(mails: readonly StoredMail[], revision: number) {
  return layout(
    'Mail',
    html`<header>
        <h1>Mail</h1>
        <span>${mails.length} message${mails.length === 1 ? '' : 's'}</span>
        <button id="clear" ${mails.length === 0 ? 'disabled' : ''}>Delete all</button>
      </header>
      ${
        mails.length === 0
          ? html`<p class="empty">No mail yet. E-mails from Perennial appear here.</p>`
          : html`<table>
              ${mails.map(row)}
            </table>`
      }`,
    revision,
  )
}

/** The page of one message. Its HTML is shown in a sandbox, where scripts do not run. */
export function mailPage(mail: StoredMail) {
  return layout(
    mail.subject,
    html`<header>
        <h1>${mail.subject}</h1>
        <a href="/">All mail</a>
      </header>
      <dl>
        <dt>From</dt>
        <dd>${mail.from}</dd>
        <dt>To</dt>
        <dd>${mail.to.join(', ')}</dd>
        <dt>Received</dt>
        <dd>${instant(mail.received_at)}</dd>
      </dl>
      ${
        mail.html === null
          ? ''
          : html`<iframe
              title="The message"
              src="/messages/${mail.id}/html"
              sandbox="allow-popups allow-popups-to-escape-sandbox"
            ></iframe>`
      }
      <pre>${mail.text}</pre>`,
  )
}

function row(mail: StoredMail) {
  return html`<tr>
    <td>${mail.to.join(', ')}</td>
    <td>
      <a href="/messages/${mail.id}">${mail.subject === '' ? '(no subject)' : mail.subject}</a>
    </td>
    <td>${instant(mail.received_at)}</td>
  </tr>`
}

/** In UTC and to the second: after time travel, local time means nothing. */
function instant(at: string) {
  return html`<time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time>`
}

function layout(title: string, content: ReturnType<typeof html>, revision?: number) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body data-revision="${revision ?? ''}">
        ${content} ${SCRIPT_ELEMENT}
      </body>
    </html>`
}
