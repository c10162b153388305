import { html } from 'hono/html'
import type { Invoice, PaymentMethod } from '../store/stored.ts'
import { layout, type Page } from './layout.ts'
import { moneyText } from './money.ts'

type Shown = {
  readonly invoice: Invoice
  readonly method: PaymentMethod | undefined
  readonly needsAuthentication: boolean
  readonly error?: string | undefined
}

/** The page on which a customer pays an open invoice with another card, or completes 3-D Secure. */
export function invoicePage({ invoice, method, needsAuthentication, error }: Shown): Page {
  const title = `Invoice ${invoice.number ?? ''}`
  const isOpen = invoice.status === 'open' || invoice.status === 'uncollectible'
  return layout(
    title,
    html`
      <h1>${title}</h1>
      <p class="price">${moneyText(invoice.amount_due, invoice.currency)}</p>
      <table>
        ${invoice.lines.data.map(
          (line) =>
            html`<tr>
              <td>${line.description}</td>
              <td>${moneyText(line.amount, line.currency)}</td>
            </tr>`,
        )}
      </table>
      ${error === undefined ? '' : html`<p class="error" role="alert">${error}</p>`}
      ${isOpen ? '' : html`<p>This invoice is ${invoice.status}.</p>`}
      ${
        isOpen && needsAuthentication
          ? html`<form method="post" action="/i/${invoice.id}/challenge">
              <p>Your bank asks you to approve this payment.</p>
              <button class="first" name="outcome" value="complete">Complete</button>
              <button name="outcome" value="fail">Fail</button>
            </form>`
          : ''
      }
      ${
        isOpen
          ? html`<form method="post" action="/i/${invoice.id}">
              <label for="card"
                >Card ${method?.card ? `(now •••• ${method.card.last4})` : ''}</label
              >
              <input
                id="card"
                name="card"
                inputmode="numeric"
                required
                value="4242 4242 4242 4242"
              />
              <button type="submit" class="${needsAuthentication ? '' : 'first'}">
                Pay ${moneyText(invoice.amount_remaining, invoice.currency)}
              </button>
            </form>`
          : ''
      }
    `,
  )
}
