import { recurrenceOf } from '../billing/amounts.ts'
import { subscriptionTax } from '../billing/automatic-tax.ts'
import { boundary, INTERVALS } from '../billing/calendar.ts'
import {
  discountClaims,
  either,
  emptyable,
  fields,
  id,
  ignored,
  integer,
  list,
  metadata,
  oneOf,
  required,
  text,
  unmodelled,
  type Values,
} from '../http/params.ts'
import { invalid } from '../http/refusal.ts'
import { newPhase, type Phase, type PhaseSettings } from '../objects/schedule.ts'
import type { Schedule, Subscription } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { priceOf, refuseArchived } from './prices.ts'
import {
  automaticTax,
  collectionMethod,
  ITEM,
  ITEMS_MAX,
  prorationBehavior,
} from './shared-params.ts'
import { taxRatesOf } from './tax-rates.ts'

/** Stripe's limit of future phases. */
const PHASES_MAX = 10

const PHASE = fields({
  add_invoice_items: unmodelled,
  application_fee_percent: unmodelled,
  automatic_tax: automaticTax,
  billing_cycle_anchor: ignored,
  billing_thresholds: unmodelled,
  collection_method: collectionMethod,
  currency: ignored,
  default_payment_method: id(),
  default_tax_rates: emptyable(list(id())),
  description: emptyable(text(500)),
  discounts: discountClaims(),
  duration: fields({ interval: required(oneOf(...INTERVALS)), interval_count: integer(1) }),
  end_date: either(integer(0), oneOf('now')),
  invoice_settings: fields({
    account_tax_ids: ignored,
    custom_fields: ignored,
    days_until_due: integer(0),
    description: ignored,
    footer: ignored,
    issuer: ignored,
  }),
  items: required(list(fields({ ...ITEM, price: required(id()) }), ITEMS_MAX)),
  metadata: metadata(),
  on_behalf_of: unmodelled,
  proration_behavior: prorationBehavior,
  start_date: either(integer(0), oneOf('now')),
  transfer_data: unmodelled,
  trial: unmodelled,
  trial_end: integer(0),
})

/** The parameter `phases`. */
export const PHASES = list(PHASE, PHASES_MAX)
type PhaseParams = Values<{ readonly phases: typeof PHASES }>['phases'] & object

/** Phases follow each other without a gap, starting at the start of the current one. */
export function phasesOf(step: Step, schedule: Schedule, given: PhaseParams): Phase[] {
  return given.reduce<Phase[]>((phases, wanted, index) => {
    const at = `phases[${index}]`
    const start = phases.at(-1)?.end_date ?? startOf(step, schedule, wanted)
    const items = wanted.items.map(({ price, quantity, metadata: own }, item) => ({
      price: soldPrice(step, schedule, { price, at: `${at}[items][${item}][price]` }),
      quantity: quantity ?? 1,
      metadata: own ?? {},
    }))
    const [first] = items
    if (first === undefined) throw invalid('A phase needs items.', `${at}[items]`)
    const every = wanted.duration
      ? { interval: wanted.duration.interval, interval_count: wanted.duration.interval_count ?? 1 }
      : recurrenceOf(first.price)
    const end =
      wanted.end_date === 'now' ? step.now : (wanted.end_date ?? boundary(start, every, 1))
    if (end <= start) throw invalid('The end_date must be after the start_date.', `${at}[end_date]`)
    refuseOtherTrial(step, schedule, { end: wanted.trial_end, at })
    const plan = {
      start,
      end,
      currency: first.price.currency,
      items: items.map((each) => ({ ...each, price: each.price.id })),
      metadata: wanted.metadata ?? {},
      prorates: wanted.proration_behavior ?? 'create_prorations',
      settings: settingsOf(step, wanted, at),
    } as const
    return [...phases, newPhase(plan)]
  }, [])
}

/** A phase may repeat the end of the subscription's trial. */
function refuseOtherTrial(
  step: Step,
  schedule: Schedule,
  { end, at }: { readonly end: number | undefined; readonly at: string },
): void {
  if (end === undefined || end === attachedTo(step, schedule).trial_end) return
  throw invalid(
    'The Stripe simulator does not model another end of the trial in a phase.',
    `${at}[trial_end]`,
    'not_simulated',
  )
}

/** An archived price is refused, unless the subscription pays it already. */
function soldPrice(
  step: Step,
  schedule: Schedule,
  { price: wanted, at }: { readonly price: string; readonly at: string },
) {
  const price = priceOf(step, wanted, at)
  const { items } = attachedTo(step, schedule)
  if (!items.data.some((each) => each.price.id === price.id)) refuseArchived(step, price, at)
  return price
}

function settingsOf(step: Step, wanted: PhaseParams[number], at: string): PhaseSettings {
  const days = wanted.invoice_settings?.days_until_due
  return {
    ...(wanted.automatic_tax && {
      automatic_tax: subscriptionTax(wanted.automatic_tax.enabled),
    }),
    collection_method: wanted.collection_method ?? null,
    default_payment_method: wanted.default_payment_method ?? null,
    default_tax_rates: taxRatesOf(step, wanted.default_tax_rates ?? [], `${at}[default_tax_rates]`),
    description: wanted.description ?? null,
    discounts: (wanted.discounts ?? []).map((each) => ({
      coupon: each.coupon ?? null,
      discount: each.discount ?? null,
      promotion_code: each.promotion_code ?? null,
    })),
    invoice_settings:
      days === undefined
        ? null
        : {
            account_tax_ids: null,
            custom_fields: null,
            days_until_due: days,
            description: null,
            footer: null,
            issuer: null,
          },
  }
}

function startOf(
  step: Step,
  schedule: Schedule,
  { start_date: start }: PhaseParams[number],
): number {
  const began = schedule.current_phase?.start_date ?? step.now
  if (start === undefined || start === 'now' || start === began) return began
  throw invalid('You cannot modify the start date of the current phase.', 'phases[0][start_date]')
}

/** The subscription of a schedule. */
export function attachedTo(step: Step, schedule: Schedule): Subscription {
  const subscription = step.find('subscriptions', schedule.subscription ?? '')
  if (subscription === undefined) throw new Error(`${schedule.id} has no subscription`)
  return subscription
}
