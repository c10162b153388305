import type { PlanVersion } from '../catalogue/plan.ts'
import { formatMoney, money } from '../money.ts'
import type { InvoiceFacts, SubscriptionSnapshot } from '../stripe/snapshot.ts'
import type { StoredOutcome } from './decision-record.ts'
import { planIn, type DecisionFacts } from './facts.ts'
import { inOneLine, isoOf, shownFact, shownStored } from './shown.ts'
import type { Rule } from './rule.ts'

/** A decision in English: what was known, which rule ran, and what came out. */
export function sentencesOf(facts: DecisionFacts, outcome: StoredOutcome): string[] {
  return [...givenSentences(facts), ...outcomeSentences(facts, outcome)]
}

/** The facts, and the rule. */
function givenSentences(facts: DecisionFacts): string[] {
  const { rule, before } = facts
  const plan = namedPlan(planIn(facts.plans)(before.planVersionId))
  const was = `Before, the subscription was ${before.status} on ${plan}.`
  return rule.name === 'stripe_snapshot'
    ? [was, ...snapshotSentences(facts, rule), ...refusalOf(facts)]
    : [was, ruleSentence(facts, rule)]
}

type SnapshotRule = Extract<Rule, { name: 'stripe_snapshot' }>

function snapshotSentences(
  facts: DecisionFacts,
  { snapshot, planOfPrice }: SnapshotRule,
): string[] {
  const { session, subscription } = snapshot
  const at = isoOf(facts.at)
  if (subscription === null)
    return session === null
      ? [`At ${at} Stripe knew nothing of it.`]
      : [`At ${at} the payment page ${session.id} was ${session.status} at Stripe.`]
  if (subscription.kind === 'deleted')
    return [`At ${at} Stripe had no subscription ${subscription.id} any more, so this one ends.`]
  const version = planOfPrice[subscription.priceId]
  const plan = version === undefined ? 'no plan' : namedPlan(planIn(facts.plans)(version))
  return [
    `At ${at} Stripe’s subscription ${subscription.id} was ${subscription.rawStatus}: ${subscription.quantity} × ${plan} (price ${subscription.priceId}), period ${isoOf(subscription.period.start)} to ${isoOf(subscription.period.end)}.`,
    ...pendingSentences(subscription),
    ...(subscription.latestInvoice === null ? [] : [invoiceSentence(subscription.latestInvoice)]),
    'Stripe is the source of truth for a paid plan, so its status, period and price apply.',
  ]
}

type Present = Extract<SubscriptionSnapshot, { kind: 'present' }>

const pendingSentences = ({ cancelAt, scheduled, awaitingPayment }: Present): string[] => [
  ...(cancelAt === null ? [] : [`Stripe ends it at ${isoOf(cancelAt)}.`]),
  ...(scheduled === null
    ? []
    : [`Stripe changes its price to ${scheduled.priceId} at ${isoOf(scheduled.at)}.`]),
  ...(awaitingPayment === null
    ? []
    : [
        `A change to the price ${awaitingPayment.priceId} waits for its payment until ${isoOf(awaitingPayment.until)}.`,
      ]),
]

function invoiceSentence(invoice: InvoiceFacts): string {
  const { id, number, reason, status, currency, amountDueMinor, amountPaidMinor } = invoice
  const shown = (minor: number) => formatMoney(money(minor, currency), 'en')
  return `Its latest invoice ${number ?? id} (${reason}) was ${status}: ${shown(amountDueMinor)} due, ${shown(amountPaidMinor)} paid.`
}

const refusalOf = ({ trialRefused }: DecisionFacts): string[] =>
  trialRefused.length === 0
    ? []
    : [`The trial was refused: one was had before, recognized by ${trialRefused.join(' and ')}.`]

function ruleSentence({ at, plans }: DecisionFacts, rule: Exclude<Rule, SnapshotRule>): string {
  const planOf = planIn(plans)
  switch (rule.name) {
    case 'renewal':
      return `At ${isoOf(at)} time alone moved it: periods, scheduled changes and resumptions of a free plan happen when they are due, and quota windows open.`
    case 'free_start':
      return `${namedPlan(planOf(rule.planVersionId))} is free, so it began at once.`
    case 'free_plan_change':
      return `The change to ${namedPlan(planOf(rule.planVersionId))} was between free plans, so it took effect at once.`
    case 'free_plan_change_scheduled':
      return `The change was scheduled for ${isoOf(rule.pendingChange.at)}. It replaces an earlier one and a scheduled cancellation.`
    case 'plan_change_withdrawn':
      return 'The pending change was withdrawn.'
    case 'free_cancellation':
      return `The cancellation was requested for ${rule.when instanceof Date ? isoOf(rule.when) : rule.when}. It withdraws a pending change.`
    case 'cancellation_withdrawn':
      return `The scheduled cancellation was withdrawn${rule.returns === null ? '' : ', and the change that it had set aside returned'}.`
    case 'free_pause':
      return `It was paused${rule.resumesAt === null ? '' : ` until ${isoOf(rule.resumesAt)}`}: the clock of its period stopped.`
    case 'free_resume':
      return 'It was resumed: what was left of its period continues.'
    case 'pause_credited':
      return 'The unused part of the paused period was credited, so nothing of it is left for the resumption.'
    case 'checkout_opened':
      return `The payment page ${rule.checkout.sessionId} was opened for ${namedPlan(planOf(rule.checkout.planVersionId))}, until ${isoOf(rule.checkout.expiresAt)}.`
    case 'checkout_abandoned':
      return 'Its payment page could not be opened, so it expired.'
    case 'forced_cancellation':
      return 'An operator ended it at once, whatever its state was.'
    case 'usage_alert':
      return `Usage of ${rule.alert.feature} reached ${rule.alert.threshold} % of the limit: ${rule.alert.usedAmount} of ${rule.alert.quotaLimit}.`
  }
}

/** The fields that changed, and the letters. */
function outcomeSentences({ before, plans }: DecisionFacts, outcome: StoredOutcome): string[] {
  const was = new Map<string, unknown>(Object.entries(before))
  const planOf = planIn(plans)
  const changes = Object.entries(outcome.set).map(([field, now]) =>
    field === 'planVersionId' && typeof now === 'string'
      ? `plan: ${namedPlan(planOf(before.planVersionId))} → ${namedPlan(planOf(now))}`
      : `${field}: ${inOneLine(shownFact(was.get(field)))} → ${inOneLine(shownStored(now))}`,
  )
  return [
    ...(changes.length === 0
      ? ['Nothing of the subscription changed.']
      : [`So it changed: ${changes.join('; ')}.`]),
    ...outcome.letters.map(({ kind }) => `The letter ${kind} was queued.`),
  ]
}

const namedPlan = ({ name, version, price }: PlanVersion): string =>
  `${name} version ${version} (${formatMoney(price, 'en')})`
