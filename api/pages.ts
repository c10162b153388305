import { Hono } from 'hono'
import { html } from 'hono/html'
import type { ApiEnvironment } from './environment.ts'

/** The pages after checkout, for applications without `success_url` and `cancel_url`. */
export const checkoutPages = () =>
  new Hono<ApiEnvironment>()
    .get('/checkout/complete', (c) =>
      c.html(
        page(
          'Thank you',
          'Your payment was received. Your subscription will be active in a moment.',
        ),
      ),
    )
    .get('/checkout/canceled', (c) =>
      c.html(
        page(
          'Nothing was charged',
          'You left before paying. The payment page stays open for a while.',
        ),
      ),
    )

const page = (title: string, text: string) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          body {
            font:
              1rem/1.5 system-ui,
              sans-serif;
            color: #1c1917;
            background: #fafaf9;
            display: grid;
            place-content: center;
            min-height: 90vh;
            margin: 0 1rem;
            text-align: center;
          }
          h1 {
            font-size: 1.5rem;
            margin: 0;
          }
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>${text}</p>
        </main>
      </body>
    </html>`
