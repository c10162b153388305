import type { Act } from '../acts.ts'
import { spanAt } from './calendar.ts'
import { FEATURE_NAMES, FEATURES, offerOf, type FeatureCode } from './catalogue.ts'
import { liveOf, type Agreement, type Between, type Person, type Window } from './person.ts'
import { DAY } from './calendar.ts'

const BEGINNING: Between = { from: 0, to: 0 }
const NEVER_MS = Date.UTC(9999, 11, 31)
const NEVER: Between = { from: NEVER_MS, to: NEVER_MS }
const THRESHOLDS = [80, 100]
/** How long `past_due` keeps access. */
export const GRACE_MS = 7 * DAY

/** The window that holds an instant: an open one stays open to its own end, the next one begins there or at its boundary. */
export function windowAt(agreement: Agreement, feature: FeatureCode, at: number): Window {
  const open = agreement.windows.get(feature)
  if (open !== undefined && at < open.end.to) return open
  const { months } = offerOf(agreement.choice).quotas[feature]
  const { anchor } = agreement
  const next = { used: 0, granted: 0, beyond: 0, told: new Set<number>() }
  const window =
    months === null
      ? { ...next, start: BEGINNING, end: NEVER }
      : { ...next, ...between(anchor, months, at, open) }
  agreement.windows.set(feature, window)
  return window
}

/** What runs has its windows open; what is paused opens none. */
export function openWindows(agreement: Agreement, at: number): void {
  const isRunning = ['trialing', 'active', 'past_due'].includes(agreement.status)
  if (isRunning) for (const feature of FEATURES) windowAt(agreement, feature, at)
}

function between(anchor: Between, months: number, at: number, before: Window | undefined) {
  const [early, late] = [spanAt(anchor.from, months, at), spanAt(anchor.to, months, at)]
  const counted = { from: early.start, to: late.start }
  const start = before !== undefined && before.end.to > counted.from ? before.end : counted
  return { start, end: { from: early.end, to: late.end } }
}

/** Counting starts anew: what is held is held on, the rest ends at that instant. */
export function countAnew(agreement: Agreement, at: Between): void {
  for (const feature of FEATURES) {
    const open = agreement.windows.get(feature)
    if (open === undefined || open.end === NEVER || open.end.from <= at.from) continue
    agreement.windows.set(feature, { ...open, end: at })
  }
}

/** Whether features may be used; undefined while it hangs on an instant that somebody else's clock chose. */
export function hasAccess(agreement: Agreement, at: number): boolean | undefined {
  const { status, cancelAt, pastDueSince } = agreement
  if (status === 'trialing' || status === 'active') return cancelAt === null || at < cancelAt
  if (status !== 'past_due' || pastDueSince === null) return false
  if (at < pastDueSince.from + GRACE_MS) return true
  return at >= pastDueSince.to + GRACE_MS ? false : undefined
}

export type Decision = {
  readonly outcome: 'allowed' | 'refused'
  readonly reason?: string
  readonly used?: number
}

/** What `POST /usage/consume` must answer. A negative amount gives back. */
export function use(person: Person, feature: FeatureCode, amount: number, at: number): Decision {
  const agreement = liveOf(person)
  const refused = refusal(person, feature, amount, at)
  if (refused !== undefined || agreement === null) return refused ?? NO_SUBSCRIPTION
  const window = windowAt(agreement, feature, at)
  count(person, window, feature, amount)
  return { outcome: 'allowed', used: window.used }
}

const NO_SUBSCRIPTION: Decision = { outcome: 'refused', reason: 'no_subscription' }

/** Why an amount may not be used or given back; undefined when it may. */
export function refusal(
  person: Person,
  feature: FeatureCode,
  amount: number,
  at: number,
): Decision | undefined {
  const agreement = liveOf(person)
  if (agreement === null) return NO_SUBSCRIPTION
  // A page that was never paid for grants nothing, and has nothing to give back to.
  if (agreement.status === 'incomplete')
    return amount > 0 ? { outcome: 'refused', reason: 'no_access' } : NO_SUBSCRIPTION
  // Giving back is always possible.
  if (amount > 0 && hasAccess(agreement, at) !== true)
    return { outcome: 'refused', reason: 'no_access' }
  const window = windowAt(agreement, feature, at)
  if (amount < 0 && window.used + amount < 0)
    return { outcome: 'refused', reason: 'more_than_used', used: window.used }
  const left = ownLeft(agreement, window, feature) + (person.grants.get(feature) ?? 0)
  const { beyond } = offerOf(agreement.choice).quotas[feature]
  if (beyond === 'refuse' && amount > left)
    return { outcome: 'refused', reason: 'quota_exceeded', used: window.used }
  return undefined
}

/** What is left of the window's own limit. */
function ownLeft({ choice }: Agreement, window: Window, feature: FeatureCode): number {
  const { used, granted, beyond } = window
  const { limit } = offerOf(choice).quotas[feature]
  return limit === null ? Infinity : Math.max(0, limit - (used - granted - beyond))
}

/**
 * The limit is used first, then what was granted, and only then what is beyond; what comes back is taken off what is beyond
 * first, and goes to what was granted then.
 */
function count(person: Person, window: Window, feature: FeatureCode, amount: number): void {
  const agreement = liveOf(person)
  if (agreement === null) return
  const lacking = Math.max(0, amount - ownLeft(agreement, window, feature))
  const back = Math.min(window.beyond, Math.max(0, -amount))
  const drawn =
    amount < 0
      ? -Math.min(window.granted, -amount - back)
      : Math.min(person.grants.get(feature) ?? 0, lacking)
  const beyond = amount < 0 ? -back : lacking - drawn
  window.used += amount
  window.granted += drawn
  window.beyond += beyond
  person.metered += beyond
  if (drawn !== 0) person.grants.set(feature, (person.grants.get(feature) ?? 0) - drawn)
  const { limit } = offerOf(agreement.choice).quotas[feature]
  if (amount > 0 && limit !== null) tellThresholds(person, window, feature, limit)
}

/** So many ask at once for the same: as many as fit are served, whoever comes first. */
export function rush(
  person: Person,
  { feature, amount, callers }: Extract<Act, { kind: 'rush' }>,
  at: number,
): number {
  let served = 0
  for (let caller = 0; caller < callers; caller++)
    if (use(person, feature, amount, at).outcome === 'allowed') served += 1
  return served
}

/** Sets an amount aside, then counts what it came to: up to what was held always fits, more is decided like any usage. */
export function hold(
  person: Person,
  { feature, amount, settles }: Extract<Act, { kind: 'hold' }>,
  at: number,
): Decision {
  const refused = refusal(person, feature, amount, at)
  if (refused !== undefined) return refused
  if (settles > amount) return use(person, feature, settles, at)
  const agreement = liveOf(person)
  if (agreement === null) return NO_SUBSCRIPTION
  const window = windowAt(agreement, feature, at)
  count(person, window, feature, settles)
  return { outcome: 'allowed', used: window.used }
}

/** `POST /admin/grants`, of somebody who is known. */
export const grant = ({ grants }: Person, feature: FeatureCode, amount: number): void =>
  void grants.set(feature, (grants.get(feature) ?? 0) + amount)

function tellThresholds(
  { mails }: Person,
  { used, told }: Window,
  feature: FeatureCode,
  limit: number,
) {
  for (const threshold of THRESHOLDS) {
    if (told.has(threshold) || used * 100 < limit * threshold) continue
    told.add(threshold)
    mails.push(`You have used ${threshold}% of ${FEATURE_NAMES[feature]}`)
  }
}
