import { html } from 'hono/html'
import type {
  Customer,
  Invoice,
  PaymentMethod,
  PortalSession,
  Subscription,
} from '../store/stored.ts'
import { layout, type Page } from './layout.ts'
import { dayText, everyText, moneyText } from './money.ts'

type Shown = {
  readonly session: PortalSession
  readonly customer: Customer
  readonly subscriptions: readonly Subscription[]
  readonly invoices: readonly Invoice[]
  readonly method: PaymentMethod | undefined
  readonly productName: (id: string) => string
  readonly error?: string | undefined
}

/** The billing portal: the customer's subscriptions, card and invoices. */
export function portalPage(shown: Shown): Page {
  const { session, customer, subscriptions, invoices, method, error } = shown
  const here = new URL(session.url).pathname
  return layout(
    'Billing',
    html`
      <h1>Billing</h1>
      <p class="soft">${customer.email ?? customer.id}</p>
      ${error === undefined ? '' : html`<p class="error" role="alert">${error}</p>`}
      ${subscriptions.length === 0 ? html`<p>No subscriptions.</p>` : ''}
      ${subscriptions.map((each) => subscriptionPart(each, { here, name: shown.productName }))}
      <form method="post" action="${here}/card">
        <label for="card">Card ${method?.card ? `(now •••• ${method.card.last4})` : ''}</label>
        <input id="card" name="card" inputmode="numeric" required value="4242 4242 4242 4242" />
        <button type="submit">Use this card</button>
      </form>
      <table>
        ${invoices.map(
          (invoice) =>
            html`<tr>
              <td>${dayText(invoice.created)} <span class="soft">${invoice.status}</span></td>
              <td>${moneyText(invoice.total, invoice.currency)}</td>
            </tr>`,
        )}
      </table>
      ${session.return_url === null ? '' : html`<a class="button" href="${session.return_url}">Back</a>`}
    `,
  )
}

type Place = { readonly here: string; readonly name: (product: string) => string }

function subscriptionPart(subscription: Subscription, { here, name }: Place): Page {
  const [item] = subscription.items.data
  const ends = subscription.cancel_at
  const verb = ends === null ? 'cancel' : 'keep'
  return html`
    <table>
      <tr>
        <td>
          <strong>${name(item?.price.product ?? '')}</strong>
          <span class="soft">${subscription.status}</span> <br />${
            ends === null
              ? `Renews on ${dayText(item?.current_period_end ?? 0)}`
              : `Ends on ${dayText(ends)}`
          }
        </td>
        <td>
          ${moneyText(item?.price.unit_amount ?? 0, subscription.currency)}
          ${everyText(item?.price.recurring ?? null)}
        </td>
      </tr>
    </table>
    <form method="post" action="${here}/${verb}">
      <button name="subscription" value="${subscription.id}">
        ${ends === null ? 'Cancel at the end of the period' : 'Keep the subscription'}
      </button>
    </form>
  `
}
