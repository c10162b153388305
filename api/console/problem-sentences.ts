import type { Problem, ProblemCode } from '../problem.ts'

/**
 * A sentence for each problem: its meaning and its fix, for people in the console. The problem's own `detail` is for programs: it names
 * calls, fields and headers.
 */
export const SENTENCES: Readonly<Record<ProblemCode, string>> = {
  malformed_form: 'The form could not be read. Reload the page and try again.',
  malformed_json: 'The form could not be read. Reload the page and try again.',
  malformed_event: 'This is not an event from Stripe.',
  bad_signature: 'The signature of this event is not valid.',
  unauthenticated: 'Your key is no longer valid. Sign in again.',
  forbidden: 'Your key does not allow this. Sign in with an operator key.',
  user_missing: 'The customer is missing. Open their subscription and try again.',
  not_found: 'This no longer exists. Reload the page.',
  method_not_allowed: 'This is not possible here. Reload the page.',
  plan_not_found: 'This plan does not exist or is not on sale.',
  plan_version_not_found: 'This version does not exist. It may have been deleted.',
  stripe_price_not_found: 'Stripe does not have this price.',
  migration_not_found: 'This migration does not exist.',
  subscription_not_found: 'This subscription does not exist.',
  invoice_not_found: 'This invoice does not exist.',
  customer_not_found: 'This customer has never paid, so Stripe does not know them.',
  feature_not_found: 'This feature does not exist. It may have been deleted.',
  grant_not_found: 'This grant does not exist.',
  override_not_found: 'This limit of one customer does not exist.',
  api_key_not_found: 'This API key does not exist.',
  webhook_endpoint_not_found: 'This webhook endpoint does not exist. It may have been deleted.',
  reservation_not_found: 'This reservation does not exist.',
  reservation_expired: 'This reservation has expired.',
  reservation_closed: 'This reservation is already settled.',
  subscription_exists: 'This customer already has a subscription. Change its plan instead.',
  checkout_already_paid: 'The customer has just paid. Reload the page.',
  payment_processing:
    'The customer’s bank is still confirming a payment, which can take some days. Try again afterwards.',
  nothing_to_collect: 'The plan is free, so there are no invoices to send.',
  change_pending: 'A plan change is pending, which would undo this. Withdraw it first.',
  collection_paused:
    'Collection is paused at Stripe, so this could not be charged. Resume it there first.',
  subscription_over: 'This subscription has ended and accepts no further changes.',
  move_not_allowed: 'The subscription’s status does not allow this. Reload the page.',
  nothing_to_withdraw: 'Nothing is pending, so there is nothing to withdraw.',
  plan_unchanged: 'The subscription already has this plan and quantity.',
  checkout_required: 'The customer has no card here, so they must buy this plan themselves.',
  plan_not_changeable: 'The subscription cannot change to this plan. Choose another plan.',
  addon_does_not_fit: 'An add-on of the subscription does not fit the plan.',
  quantity_in_use: 'More units are in use than the change would leave.',
  downgrade_not_now: 'A downgrade takes effect at the end of the paid period.',
  offer_ends: 'The offer ends with this period, so the change cannot be withdrawn.',
  plan_unclear:
    'Stripe’s items do not show which one is the plan. Remove the extra item at Stripe, or assign its price to a plan.',
  grows_in_trial: 'The quantity cannot grow during a trial. End the trial first.',
  payment_pending: 'The invoice of this period is not paid yet. Pause after it is paid.',
  payment_method_required:
    'This is charged now, and the customer has no card. Ask them to add one on their account page.',
  moved_on: 'Something has changed since this page was opened. Nothing was done: review it again.',
  nothing_to_return:
    'Less than this is left to return: it was not paid, or a part was already returned.',
  plan_in_use: 'This plan has been published and cannot be deleted. Retire its versions instead.',
  plan_version_published: 'A published version never changes. Create a new version.',
  plan_version_in_use: 'Subscriptions still have this version. Migrate them first.',
  plan_version_not_published: 'This version is a draft. Publish it first.',
  plan_version_custom: 'This version belongs to one customer. Choose a version for all.',
  migration_cycle:
    'This migration would lead back to a version that it moves away from. Choose other versions.',
  migration_overlap:
    'Another migration still moves some of these subscriptions. Wait until it has ended, or stop it.',
  migration_over: 'This migration has ended.',
  migration_not_steerable: 'The migration’s state does not allow this. Reload the page.',
  plan_version_retired: 'This version is retired. Choose another one, or publish a new version.',
  feature_in_use: 'Plan versions use this feature, so it cannot be deleted or change its type.',
  api_key_exists:
    'This key was already created and shown once. If nobody copied it, rotate it in the list.',
  api_key_over:
    'This key was revoked, has expired or was already rotated. Rotate its successor, or create a key.',
  last_operator_key:
    'This is the last operator key. Without it nobody could manage keys. Create another one first.',
  webhooks_not_configured:
    'Webhooks are switched off for this deployment. Ask an engineer to set their encryption key.',
  webhook_endpoint_exists:
    'This endpoint was already created, and its secret was shown once. Rotate it to get a new one.',
  webhook_endpoints_exhausted: 'There are too many endpoints. Delete one first.',
  webhook_endpoint_disabled: 'This endpoint is disabled. Enable it first.',
  webhook_secret_rotated:
    'This rotation was already done, and its secret was shown once. Rotate again to get a new one.',
  body_too_large: 'The form is too large. Shorten its texts.',
  unsupported_media_type: 'The form could not be read. Reload the page and try again.',
  feature_has_amount: 'This feature has an amount, so it is not only on or off.',
  feature_not_countable: 'This feature is only on or off, so it has no amount.',
  stripe_price_not_usable:
    'No plan can have this price: it must be a whole amount for each unit, every month or year.',
  stripe_price_taken: 'This price belongs to another plan.',
  plan_version_invalid: 'These terms are not possible. Correct the fields below.',
  plan_version_incomplete: 'The draft is not complete. Fill in the fields below first.',
  invalid_request: 'Some values are not valid. Correct them and try again.',
  idempotency_key_reused: 'This form was already sent with other values. Reload the page.',
  rate_limited: 'There were too many requests. Wait a minute and try again.',
  internal_error: 'Something went wrong on our side. Give an engineer the reference below.',
  payment_provider_rejected: 'Stripe refused this, and nothing was changed.',
  payment_provider_unconfirmed:
    'Stripe did not answer for too long. It may have been done: reload the page before you try again.',
  payment_provider_unavailable: 'Stripe cannot be reached right now. Try again in a minute.',
  workflow_unavailable:
    'This was not finished in time and may still be done. Reload the page before you try again.',
  identity_provider_unavailable: 'Sign-ins cannot be verified right now. Try again in a minute.',
  database_unavailable:
    'The database cannot be reached right now, and nothing was changed. Try again in a minute.',
}

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
  const sentence = isKnown(code) ? SENTENCES[code] : SENTENCES.internal_error
  const fields = errors.map(({ field, detail: wrong }) => `${nameOf(field)}: ${wordsFor(wrong)}.`)
  if (code === 'payment_provider_rejected') return { sentence, fields: [`Stripe: ${detail}`] }
  if (code === 'internal_error') return { sentence, fields: [`Reference: ${reference}`] }
  return { sentence, fields }
}

/** The mistake in each field, as the API names the field, such as `Must be at least 0.` */
export const inFields = ({ errors = [] }: Pick<Problem, 'errors'>) =>
  errors.map(({ field, detail }) => ({ field, words: `${capitalized(wordsFor(detail))}.` }))

const isKnown = (code: string): code is ProblemCode => Object.hasOwn(SENTENCES, code)

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
