import { html, raw } from 'hono/html'

/** A line of the table in a letter. */
export type Row = readonly [name: string, value: string]
/** A link in a letter, with the words on it. */
export type Link = { readonly url: string; readonly label: string }

/** A letter that is ready to be laid out. */
export type Letter = {
  readonly locale: string
  readonly senderName: string
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly rows: readonly Row[]
  /** The link that most readers need. */
  readonly main: Link | undefined
  readonly links: readonly Link[]
}

/** The text part, for mail clients that show no HTML. */
export function textOf({ paragraphs, main, rows, links, senderName }: Letter): string {
  const parts = [
    paragraphs.join('\n\n'),
    main === undefined ? '' : `${main.label}: ${main.url}`,
    rows.map(([name, value]) => `${name}: ${value}`).join('\n'),
    links.map(({ label, url }) => `${label}: ${url}`).join('\n'),
    senderName,
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

/**
 * Colors of a dark mail client. Clients without support show the inline colors; `!important` is needed to win over them.
 */
const DARK = `
:root { color-scheme: light dark; supported-color-schemes: light dark }
@media (prefers-color-scheme: dark) {
  .page { background: #18181b !important }
  .card { background: #27272a !important; border-color: #3f3f46 !important }
  .ink, h1 { color: #fafafa !important }
  .muted, .muted a { color: #a1a1aa !important }
  .row td { border-color: #3f3f46 !important }
  .button { background: #fafafa !important; color: #18181b !important }
}
`
const FONT = "font-family: -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
const INK = 'color: #18181b'
const MUTED = 'color: #63636b'

/** The HTML part: tables and inline styles, because mail clients support little else. */
export async function htmlOf(letter: Letter): Promise<string> {
  const page = await html`<!doctype html>
    <html lang="${letter.locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${letter.subject}</title>
        <style>
          ${raw(DARK)}
        </style>
      </head>
      <body class="page" style="margin: 0; padding: 0; background: #f4f4f5">
        ${pageOf(letter)}
      </body>
    </html>`
  return page.toString()
}

/** Sender, card and links, in the middle of the page. */
const pageOf = (letter: Letter) =>
  html`<table
    role="presentation"
    class="page"
    width="100%"
    cellpadding="0"
    cellspacing="0"
    style="background: #f4f4f5; ${FONT}"
  >
    <tr>
      <td align="center" style="padding: 24px 12px">
        <table
          role="presentation"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          style="max-width: 560px"
        >
          <tr>
            <td class="muted" style="padding: 0 4px 12px; font-size: 14px; ${MUTED}">
              ${letter.senderName}
            </td>
          </tr>
          <tr>
            <td
              class="card"
              style="background: #ffffff; border: 1px solid #e4e4e7; border-radius: 12px; padding: 28px 24px"
            >
              ${cardOf(letter)}
            </td>
          </tr>
          <tr>
            <td
              class="muted"
              style="padding: 16px 4px; font-size: 14px; line-height: 1.6; ${MUTED}"
            >
              ${letter.links.map(
                ({ label, url }) =>
                  html`<a href="${url}" style="${MUTED}; margin-right: 16px">${label}</a>`,
              )}
            </td>
          </tr>
        </table>
      </td>
    </tr>
  </table>`

const cardOf = ({ subject, paragraphs, main, rows }: Letter) =>
  html`<h1 style="margin: 0 0 16px; font-size: 21px; line-height: 1.3; ${INK}">${subject}</h1>
    ${paragraphs.map(
      (paragraph) =>
        html`<p class="ink" style="margin: 0 0 16px; font-size: 16px; line-height: 1.55; ${INK}">
          ${paragraph}
        </p>`,
    )}
    ${
      main === undefined
        ? ''
        : html`<p style="margin: 24px 0">
            <a
              class="button"
              href="${main.url}"
              style="display: inline-block; background: #18181b; color: #ffffff; border-radius: 8px; padding: 12px 20px; font-size: 16px; font-weight: 600; text-decoration: none"
              >${main.label}</a
            >
          </p>`
    }
    ${rows.length === 0 ? '' : tableOf(rows)}`

const tableOf = (rows: Letter['rows']) =>
  html`<table
    role="presentation"
    width="100%"
    cellpadding="0"
    cellspacing="0"
    style="margin-top: 24px; font-size: 15px; line-height: 1.4"
  >
    ${rows.map(
      ([name, value]) =>
        html`<tr class="row">
          <td
            class="muted"
            valign="top"
            style="padding: 10px 16px 10px 0; border-top: 1px solid #e4e4e7; ${MUTED}"
          >
            ${name}
          </td>
          <td
            class="ink"
            align="right"
            valign="top"
            style="padding: 10px 0; border-top: 1px solid #e4e4e7; ${INK}"
          >
            ${value}
          </td>
        </tr>`,
    )}
  </table>`
