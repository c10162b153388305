import { intervalAt } from '../../../../domain/calendar.ts'

/** The rules of usage in memory, one call after the other: one feature of one user, by month. */
type Window = { limit: number; used: number; overage: number; draws: Map<number, number> }
type Grant = { amount: number; used: number; expiresAt: number | null }
type Hold = { amount: number; window: Window; expiresAt: number; settled: number | null }
export type Answer = { readonly kind: string; readonly used?: number; readonly remaining?: number }

export function createOracle(anchor: Date, firstLimit: number) {
  const windows = new Map<number, Window>()
  const grants: Grant[] = []
  const holds: (Hold | undefined)[] = []
  let limit = firstLimit

  const windowAt = (at: number): Window => {
    const start = intervalAt(anchor, 'month', new Date(at)).start.getTime()
    const window = windows.get(start) ?? { limit, used: 0, overage: 0, draws: new Map() }
    windows.set(start, window)
    return window
  }
  const isLive = (grant: Grant, at: number) => grant.expiresAt === null || at < grant.expiresAt
  const drawn = (window: Window) => [...window.draws.values()].reduce((sum, part) => sum + part, 0)
  const ownLeft = (window: Window) =>
    Math.max(0, window.limit - (window.used - drawn(window) - window.overage))
  const granted = (at: number) =>
    grants.reduce((sum, each) => sum + (isLive(each, at) ? each.amount - each.used : 0), 0)
  const heldIn = (window: Window, at: number) =>
    holds.reduce(
      (sum, hold) =>
        hold?.window === window && hold.settled === null && at < hold.expiresAt
          ? sum + hold.amount
          : sum,
      0,
    )
  /** Soonest expiry first, then the older one. */
  const burnOrder = () =>
    grants
      .map((_, index) => index)
      .sort(
        (a, b) => (grants[a]!.expiresAt ?? Infinity) - (grants[b]!.expiresAt ?? Infinity) || a - b,
      )
  const free = (window: Window, at: number) => ownLeft(window) + granted(at) - heldIn(window, at)
  const answer = (kind: string, window: Window, at: number): Answer => ({
    kind,
    used: window.used,
    remaining: Math.max(0, free(window, at)),
  })

  function count(window: Window, amount: number, at: number) {
    let rest = Math.max(0, amount - ownLeft(window))
    window.used += amount
    for (const index of burnOrder()) {
      const grant = grants[index]!
      const part = isLive(grant, at) ? Math.min(rest, grant.amount - grant.used) : 0
      grant.used += part
      rest -= part
      if (part > 0) window.draws.set(index, (window.draws.get(index) ?? 0) + part)
    }
    window.overage += rest
  }

  function release(window: Window, amount: number) {
    let rest = amount
    const fromOverage = Math.min(rest, window.overage)
    window.overage -= fromOverage
    rest -= fromOverage
    window.used -= amount
    for (const index of burnOrder().toReversed()) {
      const part = Math.min(rest, window.draws.get(index) ?? 0)
      window.draws.set(index, (window.draws.get(index) ?? 0) - part)
      grants[index]!.used -= part
      rest -= part
    }
  }

  return {
    consume(amount: number, at: number): Answer {
      const window = windowAt(at)
      if (amount < 0) {
        if (-amount > window.used) return answer('refused', window, at)
        release(window, -amount)
      } else {
        if (amount > free(window, at)) return answer('refused', window, at)
        count(window, amount, at)
      }
      return answer('allowed', window, at)
    },
    grant: (amount: number, expiresAt: number | null) => {
      grants.push({ amount, used: 0, expiresAt })
    },
    changePlan(newLimit: number, at: number) {
      limit = newLimit
      windowAt(at).limit = newLimit
    },
    hold(amount: number, at: number, expiresAt: number): Answer {
      const window = windowAt(at)
      const fits = amount <= free(window, at)
      holds.push(fits ? { amount, window, expiresAt, settled: null } : undefined)
      return answer(fits ? 'held' : 'refused', window, at)
    },
    settle(index: number, amount: number, at: number): Answer {
      const hold = holds[index]
      if (hold === undefined) return { kind: 'not_found' }
      const { window } = hold
      if (hold.settled !== null)
        return hold.settled === amount ? answer('ended', window, at) : { kind: 'closed' }
      if (at >= hold.expiresAt)
        return amount > 0 ? { kind: 'expired' } : answer('ended', window, at)
      // The work is done: what does not fit is overage.
      hold.settled = amount
      if (amount > 0) count(window, amount, at)
      return answer('ended', window, at)
    },
    used: () => [...windows.entries()].map(([start, { used }]) => [start, used] as const),
  }
}
