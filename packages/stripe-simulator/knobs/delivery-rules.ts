import { createCounted } from './matching.ts'

/** The fault that a matching delivery meets. */
export type DeliveryRule = {
  readonly action: 'drop' | 'duplicate' | 'delay' | 'reorder'
  readonly types?: readonly string[] | undefined
  readonly times: number
  readonly milliseconds: number
  /** `reorder` holds this many deliveries, then sends them in an order that the seed determines. */
  readonly batch: number
  readonly seed: number
}

/** The rules of deliveries, and the deliveries that they hold. */
export type DeliveryRules = ReturnType<typeof createDeliveryRules>

/** Starts without rules: each delivery is sent at once, and a request does not wait for its events. */
export function createDeliveryRules() {
  const counted = createCounted<DeliveryRule>()
  const held: string[] = []
  let beforeResponse = false
  return {
    ...counted,
    next: (type: string): DeliveryRule | undefined =>
      counted.take(({ types }) => types === undefined || types.includes(type)),
    /** Holds a delivery; the last of a batch releases the whole batch. */
    hold(id: string, { batch, seed }: DeliveryRule): readonly string[] {
      held.push(id)
      return held.length < batch ? [] : shuffled(held.splice(0), seed)
    },
    release: (seed: number): readonly string[] => shuffled(held.splice(0), seed),
    held: (): number => held.length,
    /** Whether a request is answered only after its events are delivered. */
    deliversBeforeResponse: () => beforeResponse,
    deliverBeforeResponse(on: boolean) {
      beforeResponse = on
    },
  }
}

/** Fisher-Yates shuffle with its own generator, so that a seed always gives the same order. */
function shuffled(ids: readonly string[], seed: number): readonly string[] {
  const order = [...ids]
  let state = seed >>> 0
  for (let last = order.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const other = state % (last + 1)
    const [a, b] = [order[last], order[other]]
    if (a === undefined || b === undefined) continue
    order[last] = b
    order[other] = a
  }
  return order
}
