import { html } from 'hono/html'
import { formatMoney, money } from '../../domain/money.ts'
import type { StoredNotice } from '../../domain/customer/letter-repository.ts'
import type { Message } from '../../adapters/mail/mailer.ts'
import { textsFor } from './texts.ts'

/** @returns the e-mail for a notice, in the customer's language @param to an e-mail address */
export async function composeMessage(notice: StoredNotice, to: string): Promise<Message> {
  const { content, locale } = notice
  // A notice may be older than one of these fields.
  const day = (instant: string | null | undefined) =>
    instant === null || instant === undefined
      ? ''
      : new Date(instant).toLocaleDateString(locale, { dateStyle: 'long', timeZone: 'UTC' })
  const { subject, body, action } = textsFor(locale)[notice.kind]({
    plan: content.planName,
    price: formatMoney(money(content.amountMinor, content.currency), locale),
    periodEnd: day(content.periodEnd),
    trialEnd: day(content.trialEnd),
    feature: content.quota?.feature ?? '',
    threshold: content.quota?.threshold ?? 0,
    usedAmount: (content.quota?.usedAmount ?? 0).toLocaleString(locale),
    quotaLimit: (content.quota?.quotaLimit ?? 0).toLocaleString(locale),
    resetsAt: day(content.quota?.resetsAt ?? null),
    nextAttempt: day(content.nextAttempt),
  })
  const link = action === undefined || !content.payUrl ? null : { action, url: content.payUrl }
  const page = await html`<!doctype html>
    <html lang="${locale}">
      <body
        style="font: 16px/1.5 system-ui, sans-serif; max-width: 34em; margin: 2em auto; color: #1c1917"
      >
        <h1 style="font-size: 1.25em">${subject}</h1>
        <p>${body}</p>
        ${link === null ? '' : html`<p><a href="${link.url}">${link.action}</a></p>`}
      </body>
    </html>`
  const text = link === null ? body : `${body}\n\n${link.action}: ${link.url}`
  return { key: notice.key, to, subject, text, html: page.toString() }
}
