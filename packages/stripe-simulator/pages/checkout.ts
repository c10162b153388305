import { html } from 'hono/html'
import type { CheckoutSession } from '../store/stored.ts'
import type { CheckoutIntent } from '../store/tables.ts'
import { asksForNoCard } from '../checkout/pay.ts'
import { COUNTRY_DEFAULT } from '../checkout/tax-settings.ts'
import { layout, type Page } from './layout.ts'
import { dayText, everyText, moneyText } from './money.ts'

type Shown = {
  readonly session: CheckoutSession
  readonly intent: CheckoutIntent
  readonly now: number
  readonly error?: string | undefined
  readonly email?: string | undefined
}

/** The form's value in place of a card number. */
export const NO_CARD = 'none'

/** The hosted page on which a customer subscribes or pays once. */
export function checkoutPage(shown: Shown): Page {
  const { session, intent, error } = shown
  const [first] = intent.lines
  const verb = session.mode === 'payment' ? 'Buy' : 'Subscribe to'
  const title = `${verb} ${first?.description ?? 'a plan'}`
  return layout(
    title,
    html`
      <h1>${title}</h1>
      ${priceOf(shown)} ${linesOf(session, intent)}
      ${error === undefined ? '' : html`<p class="error" role="alert">${error}</p>`}
      ${paymentForm(shown)}
      ${
        session.allow_promotion_codes === true
          ? html`<form method="post" action="/c/pay/${session.id}/code">
              <label for="code">Promotion code</label>
              <input id="code" name="code" autocomplete="off" required />
              <button type="submit">Apply</button>
            </form>`
          : ''
      }
      ${
        session.cancel_url === null
          ? ''
          : html`<a class="button" href="${session.cancel_url}">Back</a>`
      }
    `,
  )
}

function priceOf({ session, intent, now }: Shown): Page {
  const [first] = intent.lines
  const total = intent.lines.reduce((sum, line) => sum + line.amount_total, 0)
  const price = moneyText(total, session.currency ?? 'usd')
  const every = everyText(first?.price?.recurring ?? null)
  const trial = trialText(intent, now)
  return html`<p class="price">
      ${trial === null ? price : 'Free now'}
      <span class="soft" style="font-size:1rem">${trial === null ? every : ''}</span>
    </p>
    ${trial === null ? '' : html`<p>${trial}, then ${price} ${every}.</p>`}`
}

function linesOf(session: CheckoutSession, intent: CheckoutIntent): Page {
  const currency = session.currency ?? 'usd'
  const discount = session.total_details?.amount_discount ?? 0
  return html`<table>
    ${intent.lines.map(
      (line) =>
        html`<tr>
          <td>${line.description} ${line.quantity === 1 ? '' : `× ${line.quantity}`}</td>
          <td>${moneyText(line.amount_total, line.currency)}</td>
        </tr>`,
    )}
    ${
      discount === 0
        ? ''
        : html`<tr>
            <td>Discount</td>
            <td>−${moneyText(discount, currency)}</td>
          </tr>`
    }
    <tr class="total">
      <td>Due today${intent.tax?.automatic === true ? ', plus tax of your country' : ''}</td>
      <td>${moneyText(session.amount_total ?? 0, currency)}</td>
    </tr>
  </table>`
}

function paymentForm({ session, intent, now, email }: Shown): Page {
  const known = session.customer_details?.email ?? session.customer_email
  const due = moneyText(session.amount_total ?? 0, session.currency ?? 'usd')
  return html`<form method="post" action="/c/pay/${session.id}">
    <label for="email">E-mail</label>
    ${
      known === null
        ? html`<input
            id="email"
            name="email"
            type="email"
            autocomplete="email"
            required
            value="${email ?? ''}"
          />`
        : html`<input id="email" type="email" value="${known}" disabled />`
    }
    ${taxFieldsOf(intent)}
    <label for="card">Test card number</label>
    <input
      id="card"
      name="card"
      inputmode="numeric"
      autocomplete="off"
      required
      value="4242 4242 4242 4242"
    />
    <button class="first" type="submit">
      ${trialText(intent, now) === null ? `Pay ${due}` : 'Start trial'}
    </button>
    <fieldset>
      <legend>Or test another outcome</legend>
      ${otherCard('4000000000000002', 'Use a card that is declined')}
      ${otherCard('4000002500003155', 'Use a card that asks for 3-D Secure')}
      ${otherCard('DE89370400440532013000', 'SEPA debit, which takes days')}
      ${asksForNoCard(session) ? otherCard(NO_CARD, 'Start without a card') : ''}
    </fieldset>
  </form>`
}

/** The country decides the tax; a tax id of a business may move it to the customer. */
function taxFieldsOf({ tax }: CheckoutIntent): Page {
  const asksCountry = tax?.automatic === true || tax?.asksAddress === true
  return html`${
    asksCountry
      ? html`<label for="country">Country (two letters)</label>
          <input id="country" name="country" maxlength="2" required value="${COUNTRY_DEFAULT}" />`
      : ''
  }
  ${
    tax?.asksTaxId === true
      ? html`<label for="tax_id">VAT number of a business (optional)</label>
          <input id="tax_id" name="tax_id" autocomplete="off" />`
      : ''
  }`
}

/** A button that pays with another card: of two values with the same name, the later one wins. */
const otherCard = (number: string, label: string): Page =>
  html`<button type="submit" name="card" value="${number}">${label}</button>`

function trialText({ trialEnd }: CheckoutIntent, now: number): string | null {
  if (trialEnd === null) return null
  if ('days' in trialEnd) return `${trialEnd.days} days free`
  return trialEnd.at > now ? `Free until ${dayText(trialEnd.at)}` : null
}

/** The 3-D Secure challenge. @see https://docs.stripe.com/payments/3d-secure */
export function challengePage(session: CheckoutSession): Page {
  return layout(
    '3-D Secure',
    html`
      <h1>Your bank asks for approval</h1>
      <p>
        Do you approve a payment of
        ${moneyText(session.amount_total ?? 0, session.currency ?? 'usd')}?
      </p>
      <p class="soft">This is the 3-D Secure test page.</p>
      <form method="post" action="/c/pay/${session.id}/challenge">
        <button class="first" name="outcome" value="complete">Complete</button>
        <button name="outcome" value="fail">Fail</button>
      </form>
    `,
  )
}
