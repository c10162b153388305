import { html, raw } from 'hono/html'

/** A piece of HTML whose values are escaped. */
export type Page = ReturnType<typeof html>

const STYLE = `
:root { color-scheme: light dark; --ink: #1a1f36; --soft: #5c6580; --line: #d8dce6; --paper: #fff;
  --ground: #f5f6fa; --accent: #4f46e5; --bad: #b42318; --good: #067647 }
@media (prefers-color-scheme: dark) { :root { --ink: #eef0f7; --soft: #a5adc4; --line: #3a4160;
  --paper: #1c2136; --ground: #12162a; --accent: #7c75ff; --bad: #ff8a7d; --good: #4fd39a } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.25rem;
  background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 27rem; background: var(--paper); border: 1px solid var(--line);
  border-radius: 14px; padding: 1.75rem; box-shadow: 0 10px 30px rgb(20 24 50 / .08) }
h1 { font-size: 1.35rem; margin: 0 0 .25rem } h2 { font-size: 1rem; margin: 1.25rem 0 0 } a { color: var(--accent) } p { margin: .35rem 0 } .soft { color: var(--soft) }
.badge { display: inline-block; font-size: .75rem; letter-spacing: .04em; padding: .1rem .5rem;
  border-radius: 99px; background: #fdf0c2; color: #6b4e00; margin-bottom: 1rem }
.price { font-size: 2rem; font-weight: 650; margin: .5rem 0 0 }
table { width: 100%; border-collapse: collapse; margin: 1rem 0 } td { padding: .35rem 0 }
td:last-child { text-align: right; white-space: nowrap } tr.total { border-top: 1px solid var(--line); font-weight: 600 }
label { display: block; font-size: .875rem; font-weight: 550; margin: .9rem 0 .3rem }
input, select { width: 100%; font: inherit; padding: .65rem .75rem; border: 1px solid var(--line);
  border-radius: 8px; background: var(--paper); color: inherit }
button, a.button { display: block; width: 100%; margin-top: .75rem; padding: .75rem 1rem; font: inherit;
  font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; border-radius: 8px;
  border: 1px solid var(--line); background: transparent; color: inherit }
button.first { background: var(--accent); border-color: var(--accent); color: #fff; margin-top: 1.25rem }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
fieldset { border: 0; padding: 0; margin: 1rem 0 0 } legend { font-size: .875rem; color: var(--soft) }
.error { border: 1px solid var(--bad); color: var(--bad); border-radius: 8px; padding: .65rem .8rem; margin: 1rem 0 }
.mark { font-size: 2.5rem; line-height: 1; color: var(--good) } code { font-size: .85em; overflow-wrap: anywhere }
`

/** A whole page with the style of all pages, marked as a test. @param title plain text. */
export function layout(title: string, body: Page): Page {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <span class="badge">TEST MODE · simulator</span>
          ${body}
        </main>
      </body>
    </html>`
}
