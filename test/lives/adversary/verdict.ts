import type { Use } from './account.ts'
import { allowed, heldAtMost, isCovered, isHeld, unpaidQuantity, type Seen } from './allowance.ts'
import { CODES_OF_FEATURES, WORTH, type Feature } from './price-list.ts'

export type Verdict = {
  /** The excess of the customer over the allowance, in words; null if none. */
  readonly violation: string | null
  /** The worth of what was used, in minor units, for each minor unit that was paid or allowed for nothing. */
  readonly usedPerCent: number
}
/** Grants of a whole unit by rounding. */
const ROUNDING = 1

/** Compares what all accounts of a customer used with the allowance. */
export function judge(customer: readonly Seen[], now: number): Verdict {
  const violation =
    uncovered(customer) ??
    beyondTheQuantity(customer, now) ??
    beyondTheLimit(customer) ??
    beyondTheAllowance(customer, now)
  return { violation, usedPerCent: usedPerCent(customer, now) }
}

function uncovered(customer: readonly Seen[]): string | null {
  for (const seen of customer) {
    const use = seen.account.uses.find((each) => each.amount > 0 && !isCovered(seen, each))
    if (use !== undefined) return `access without payment: ${inWords(use)}`
  }
  return null
}

function beyondTheQuantity(customer: readonly Seen[], now: number): string | null {
  const more = customer.map((seen) => unpaidQuantity(seen, now)).find((each) => each !== undefined)
  return more === undefined ? null : `${more.quantity} × ${more.plan} without payment`
}

function beyondTheLimit(customer: readonly Seen[]): string | null {
  for (const seen of customer)
    for (const use of seen.account.uses.filter((each) => isHeld(each.feature) && each.amount > 0))
      if (use.usedAfter > heldAtMost(seen, use))
        return `more held than any plan allows: ${inWords(use)}`
  return null
}

function beyondTheAllowance(customer: readonly Seen[], now: number): string | null {
  for (const feature of CODES_OF_FEATURES.filter((each) => !isHeld(each))) {
    const [used, most] = [usedOf(customer, feature), allowed(customer, feature, now)]
    if (used > most + ROUNDING)
      return `used more than the allowance: ${used} ${feature}, allowed are ${Math.floor(most)}`
  }
  return null
}

const inWords = ({ feature, amount, at }: Use): string =>
  `${amount} ${feature} on ${new Date(at).toISOString().slice(0, 10)}`

const usedOf = (customer: readonly Seen[], feature: Feature): number =>
  customer
    .flatMap(({ account }) => account.uses)
    .filter((use) => use.feature === feature)
    .reduce((sum, { amount }) => sum + amount, 0)

function usedPerCent(customer: readonly Seen[], now: number): number {
  const worth = (amountOf: (feature: Feature) => number) =>
    CODES_OF_FEATURES.reduce((sum, each) => sum + WORTH[each] * amountOf(each), 0)
  const paid = customer.reduce((sum, { money }) => sum + money.paid, 0)
  const withoutMoney = customer.map(({ account, money, shown }) => ({
    account,
    shown,
    money: { ...money, metered: 0, charges: money.charges.filter(({ amount }) => amount === 0) },
  }))
  const free = worth((feature) => allowed(withoutMoney, feature, now))
  const used = worth((feature) => (isHeld(feature) ? 0 : usedOf(customer, feature)))
  return used / Math.max(1, paid + free)
}
