import type { Message } from '../../adapters/mail/mailer.ts'
import type { LetterKind } from '../../domain/customer/letter.ts'
import type { StoredLetter } from '../../domain/customer/letter-repository.ts'
import { factsOf, type LetterFacts } from './facts.ts'
import type { Language, Text } from './language.ts'
import { htmlOf, textOf, type Link, type Row } from './layout.ts'
import { english } from './texts/english.ts'
import { portuguese } from './texts/portuguese.ts'

/** The settings of a deployment for its letters. */
export type LetterSetting = {
  /** The name at the top, as customers know it. */
  readonly senderName: string
  /** The page where customers manage their subscription; undefined for letters without that link. */
  readonly manageUrl: string | undefined
}

/** @returns the e-mail for a letter, in the customer's language @param to an e-mail address */
export async function composeMessage(
  { key, kind, content, locale }: StoredLetter,
  to: string,
  { senderName, manageUrl }: LetterSetting,
): Promise<Message> {
  const language = languageOf(locale)
  const facts = factsOf(content, { locale, per: language.per })
  const text = language.letters[kind](facts)
  const pay = linkTo(content.payUrl, text.pay)
  const manage = linkTo(manageUrl, text.manage ?? language.links.manage)
  const invoice = linkTo(content.invoice?.url, language.links.invoice)
  const main = pay ?? (text.manage === undefined ? undefined : manage)
  const links = [pay === undefined ? invoice : undefined, manage]
  const letter = {
    locale,
    senderName,
    subject: text.subject,
    paragraphs: text.paragraphs,
    rows: rowsOf(kind, facts, language),
    main,
    links: links.filter((link) => link !== undefined).filter((link) => link !== main),
  }
  return {
    key,
    to,
    subject: text.subject,
    text: textOf(letter),
    html: await htmlOf(letter),
  }
}

/** The language of a locale such as `pt-BR`; English for all languages but Portuguese. */
const languageOf = (locale: string): Language =>
  locale.toLowerCase().startsWith('pt') ? portuguese : english

const linkTo = (url: string | null | undefined, label: Text['pay']): Link | undefined =>
  url && label !== undefined ? { url, label } : undefined

/** Letters about an amount that is still due. */
const DUE: readonly LetterKind[] = [
  'payment_failed',
  'payment_action_required',
  'invoice_issued',
  'invoice_overdue',
  'access_lost',
]

/** The facts under a letter's text. Rows without a value are left out. */
function rowsOf(kind: LetterKind, facts: LetterFacts, { rows: names }: Language): Row[] {
  const { next } = facts
  const isDue = DUE.includes(kind)
  const isRefund = kind === 'payment_refunded'
  const isPayment = !isDue && !isRefund
  const hasPrice = facts.price !== '' && facts.endedAt === ''
  const plan = hasPrice ? `${facts.sold}, ${facts.price}` : facts.sold
  const rows: readonly Row[] = [
    [names.plan, plan],
    [names.due, isDue ? facts.amount : ''],
    [names.refunded, isRefund ? facts.amount : ''],
    [names.paid, isDue ? '' : facts.paid],
    [names.tax, isRefund ? '' : facts.tax],
    [names.credit, isPayment ? facts.credit : ''],
    [names.creditAdded, isPayment ? facts.creditAdded : ''],
    [names.invoice, facts.invoiceNumber],
    [names.nextPayment, next.kind === 'payment' ? names.on(next.amount, next.day) : ''],
    [names.ends, next.kind === 'end' ? next.day : ''],
    [names.later, next.kind === 'change' ? names.from(next.plan, next.price, next.day) : ''],
  ]
  return rows.filter(([, value]) => value !== '')
}
