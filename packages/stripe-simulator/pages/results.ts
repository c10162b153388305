import { html } from 'hono/html'
import type { CheckoutSession } from '../store/stored.ts'
import { layout, type Page } from './layout.ts'
import { moneyText } from './money.ts'

/** The page after payment, for a checkout without `success_url`, or whose page is opened again. */
export function paidPage(session: CheckoutSession): Page {
  const free = session.payment_status === 'no_payment_required'
  return layout(
    'Thank you',
    html`
      <p class="mark" aria-hidden="true">✓</p>
      <h1>${free ? 'Your subscription has started' : 'Payment received'}</h1>
      ${
        free
          ? html`<p>Nothing was charged today.</p>`
          : html`<p>
              ${moneyText(session.amount_total ?? 0, session.currency ?? 'usd')} was paid.
            </p>`
      }
      <p class="soft">You can close this page.</p>
      <p class="soft"><code>${session.subscription}</code></p>
      ${
        session.success_url === null
          ? ''
          : html`<a class="button" href="${successUrl(session)}">Continue</a>`
      }
    `,
  )
}

/** The page of an expired session, with a link back to the application if it named one. */
export function expiredPage(session: CheckoutSession): Page {
  return layout(
    'Expired',
    html`
      <h1>This checkout has expired</h1>
      <p>Nothing was charged. Go back to the application and start again.</p>
      ${
        session.cancel_url === null
          ? ''
          : html`<a class="button" href="${session.cancel_url}">Back</a>`
      }
    `,
  )
}

/** The page for an address without a page; sent with status 404. */
export function unknownPage(): Page {
  return layout(
    'Not found',
    html`<h1>Page not found</h1>
      <p>The simulator has no page at this address.</p>`,
  )
}

/**
 * The address after a payment, with the session's id in place of `{CHECKOUT_SESSION_ID}`; empty if there is none.
 * @see https://docs.stripe.com/api/checkout/sessions/create
 */
export const successUrl = (session: CheckoutSession): string =>
  (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id)
