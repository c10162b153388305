import { render } from '../objects/render.ts'
import type { Engine } from '../engine.ts'
import type { DeliveryRules } from '../knobs/delivery-rules.ts'
import type { Delivery } from '../store/tables.ts'
import { signatureOf } from './sign.ts'

/** Enough to compensate for a slow receiver, few enough not to overload it. */
const CONCURRENT_MAX = 32
/** An endpoint without an answer by then counts as failed, as at Stripe. */
const ANSWER_WITHIN_MS = 10_000
/** Seconds before each further attempt; the last one repeats. Stripe waits hours, which is too long for a developer. */
const RETRY_AFTER: readonly number[] = [1, 2, 5, 10, 30, 60]
/** Then the delivery is abandoned, after about seventeen hours; the Events API still lists the event. */
const ATTEMPTS_MAX = 1_000

/** The queue of deliveries to endpoints. `idle` resolves when every due attempt has an answer. */
export type Deliveries = {
  readonly add: (deliveryId: string) => void
  /** Sends the held deliveries. */
  readonly resume: (deliveryIds: readonly string[]) => void
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Sends events to endpoints until each has answered with a 2xx. */
export function createDeliveries({
  engine,
  rules,
  log,
  retryAfter = RETRY_AFTER,
}: {
  readonly engine: () => Engine
  readonly rules: DeliveryRules
  readonly retryAfter?: readonly number[] | undefined
  readonly log: (line: string) => void
}): Deliveries {
  const known = new Set<string>()
  /** Deliveries to which a rule was already applied. */
  const ruled = new Set<string>()
  const ready: string[] = []
  const timers = new Map<string, NodeJS.Timeout>()
  const closing = new AbortController()
  let active = 0
  const waiters: (() => void)[] = []

  function add(id: string): void {
    if (known.has(id) || closing.signal.aborted) return
    known.add(id)
    ready.push(id)
    // Not within the step that caused it: an event is sent only after its change is committed.
    if (ready.length === 1) setImmediate(pump)
  }

  function pump(): void {
    while (active < CONCURRENT_MAX && ready.length > 0 && !closing.signal.aborted) {
      const id = ready.shift()
      if (id === undefined) break
      active += 1
      void deliver(id).finally(() => {
        active -= 1
        pump()
      })
    }
    if (active > 0 || (ready.length > 0 && !closing.signal.aborted)) return
    for (const resolve of waiters.splice(0)) resolve()
  }

  async function deliver(id: string): Promise<void> {
    const { store } = engine()
    const delivery = store.find('deliveries', id)
    const event = store.find('events', delivery?.event ?? '')
    const endpoint = store.find('webhookEndpoints', delivery?.endpoint ?? '')
    if (delivery === undefined || event === undefined || endpoint === undefined) return forget(id)
    const rule = delivery.attempts > 0 || ruled.has(id) ? undefined : rules.next(event.type)
    if (rule !== undefined) ruled.add(id)
    if (rule?.action === 'drop') return forget(id)
    if (rule?.action === 'delay') return later(id, rule.milliseconds)
    if (rule?.action === 'reorder') return oneByOne(rules.hold(id, rule))
    const body = JSON.stringify(render(store, event))
    const times = rule?.action === 'duplicate' ? rule.times : 1
    const copies = Array.from({ length: times }, () =>
      send(endpoint.url, body, endpoint.secret ?? ''),
    )
    const [outcome] = await Promise.all(copies)
    if (closing.signal.aborted) return
    log(`${event.type} ${event.id} -> ${endpoint.url} ${outcome}`)
    if (typeof outcome === 'number' && outcome >= 200 && outcome < 300) return forget(id)
    retryLater(delivery)
  }

  async function send(url: string, body: string, secret: string): Promise<number | string> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': signatureOf(body, secret, new Date()),
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
        body,
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      })
      await response.arrayBuffer()
      return response.status
    } catch (error) {
      return error instanceof Error ? `${error.name} ${causeOf(error)}` : String(error)
    }
  }

  function retryLater(delivery: Delivery): void {
    const attempts = delivery.attempts + 1
    if (attempts >= ATTEMPTS_MAX) return forget(delivery.id)
    engine().note((step) => step.put('deliveries', { ...delivery, attempts }))
    const seconds = retryAfter[Math.min(attempts - 1, retryAfter.length - 1)] ?? 60
    later(delivery.id, seconds * 1000)
  }

  function later(id: string, milliseconds: number): void {
    const timer = setTimeout(() => {
      timers.delete(id)
      resume([id])
    }, milliseconds)
    timers.set(id, timer.unref())
  }

  /** An order is meaningful only if each delivery waits for the previous one. */
  function oneByOne(ids: readonly string[]): void {
    active += 1
    const all = ids.reduce((before, id) => before.then(() => deliver(id)), Promise.resolve())
    void all.finally(() => {
      active -= 1
      pump()
    })
  }

  function resume(ids: readonly string[]): void {
    ready.push(...ids)
    if (ids.length > 0) setImmediate(pump)
  }

  function forget(id: string): void {
    known.delete(id)
    ruled.delete(id)
    if (engine().store.find('deliveries', id) === undefined) return
    engine().note((step) => step.erase('deliveries', id))
  }

  const idle = () =>
    new Promise<void>((resolve) => {
      waiters.push(resolve)
      setImmediate(pump)
    })

  return {
    add,
    resume,
    idle,
    async close() {
      closing.abort()
      for (const timer of timers.values()) clearTimeout(timer)
      await idle()
    },
  }
}

const causeOf = (error: Error) =>
  error.cause instanceof Error ? error.cause.message : error.message
