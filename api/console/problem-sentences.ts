import type { Problem } from '../problem.ts'
import { wordsOf } from '../web/problem-words/problem-words.ts'

/** The names of fields on the pages, where the API's name is not already the words. */
const FIELDS: Readonly<Record<string, string>> = {
  ends_at: 'New end',
  resumes_at: 'Resumes',
  expires_at: 'Expires',
  plan_id: 'Plan',
  overlap_seconds: 'The old one stays valid',
  url: 'Address',
  amount_minor: 'Amount',
  price: 'Price',
  quota_limit: 'Limit',
  canary_percent: 'First share',
  slug: 'Code',
  code: 'Code',
  product_line: 'Product line',
}

/** The words for the messages of the validation library; all other messages are already words. */
const MESSAGES: readonly (readonly [message: RegExp, words: string])[] = [
  [/received undefined|received null|received NaN/, 'is missing'],
  [/expected string to have >=1 |expected array to have >=1 /, 'is missing'],
  [/expected string to have <=(\d+) /, 'may have at most $1 characters'],
  [/expected \w+ to be >=(-?\d+)/, 'must be at least $1'],
  [/expected \w+ to be <=(-?\d+)/, 'must be at most $1'],
  [/expected (?:number|int)/, 'must be a whole number'],
  [/ISO datetime/, 'must be a date and a time'],
  [/^Invalid option/, 'is not one of the choices'],
  [/^(?:Invalid|Unrecognized|unknown field)/, 'is not valid'],
]

/** A problem in words: a sentence, and the mistake in each field. */
export type PeopleText = { readonly sentence: string; readonly fields: readonly string[] }

/** @returns the problem in words, without names of calls, fields or headers */
export function inWords({ code, detail, errors = [], request_id: reference }: Problem): PeopleText {
  const { team: sentence } = wordsOf(code)
  const fields = errors.map(({ field, detail: wrong }) => `${nameOf(field)}: ${wordsFor(wrong)}.`)
  if (code === 'payment_provider_rejected') return { sentence, fields: [`Stripe: ${detail}`] }
  if (code === 'internal_error') return { sentence, fields: [`Reference: ${reference}`] }
  return { sentence, fields }
}

/** The mistake in each field, as the API names the field, such as `Must be at least 0.` */
export const inFields = ({ errors = [] }: Pick<Problem, 'errors'>) =>
  errors.map(({ field, detail }) => ({ field, words: `${capitalized(wordsFor(detail))}.` }))

/** The name of a field on the page; of a nested one, such as `features.0.quota_limit`, that of its last part. */
function nameOf(field: string): string {
  const last = field.split('.').findLast((part) => !/^\d+$/.test(part)) ?? field
  return capitalized(FIELDS[last] ?? last.replaceAll('_', ' '))
}

const capitalized = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

function wordsFor(detail: string): string {
  const known = MESSAGES.find(([message]) => message.test(detail))
  if (known === undefined) return detail.replaceAll('`', '').replace(/\.$/, '')
  const [message, words] = known
  return words.replace('$1', message.exec(detail)?.[1] ?? '')
}
