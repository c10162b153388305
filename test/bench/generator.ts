import { setTimeout } from 'node:timers/promises'
import { openConnection, type Connection } from './connection.ts'

export type Firing = {
  readonly port: number
  readonly connections: number
  /** The next request of a connection, as bytes. */
  readonly requestsOf: (connection: number) => () => Buffer
  readonly seconds: number
  /** Requests per second at even intervals; without it, each connection sends the next request after each answer. */
  readonly rate?: number | undefined
}

export type Fired = {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly count: number
}

/** The resolution of the intervals. */
const TICK_MS = 1

/** Sends a load. @throws when any answer is not 200. */
export async function fire(firing: Firing): Promise<Fired> {
  const { port, connections, requestsOf, seconds } = firing
  const slots = await Promise.all(
    Array.from({ length: connections }, async (_, index) => {
      const connection = await openConnection(port)
      return { connection, next: requestsOf(index) }
    }),
  )
  try {
    const start = performance.now()
    const latencies = await (firing.rate === undefined
      ? withoutPause(slots, start + seconds * 1_000)
      : atRate(slots, { start, end: start + seconds * 1_000, rate: firing.rate }))
    const sorted = latencies.sort((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN
    const elapsed = (performance.now() - start) / 1_000
    return {
      perSecond: sorted.length / elapsed,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      count: sorted.length,
    }
  } finally {
    for (const { connection } of slots) connection.close()
  }
}

type Slot = { readonly connection: Connection; readonly next: () => Buffer }

async function withoutPause(slots: readonly Slot[], end: number): Promise<number[]> {
  const latencies: number[] = []
  const keepAsking = async ({ connection, next }: Slot) => {
    for (let now = performance.now(); now < end;) {
      await connection.ask(next())
      const answered = performance.now()
      latencies.push(answered - now)
      now = answered
    }
  }
  await Promise.all(slots.map(keepAsking))
  return latencies
}

type Pace = { readonly start: number; readonly end: number; readonly rate: number }

/** A request that is due while all connections are busy waits for one, and its latency includes the wait. */
async function atRate(slots: readonly Slot[], { start, end, rate }: Pace): Promise<number[]> {
  const latencies: number[] = []
  const total = Math.floor(((end - start) / 1_000) * rate)
  const dueAt = (index: number) => start + (index * 1_000) / rate
  const idle = [...slots]
  const overdue: number[] = []
  const requests: Promise<void>[] = []
  const ask = async (slot: Slot, due: number): Promise<void> => {
    await slot.connection.ask(slot.next())
    latencies.push(performance.now() - due)
    const waiting = overdue.shift()
    if (waiting !== undefined) return ask(slot, waiting)
    idle.push(slot)
  }
  for (let index = 0; index < total;) {
    for (const now = performance.now(); index < total && dueAt(index) <= now; index++) {
      const slot = idle.pop()
      if (slot === undefined) overdue.push(dueAt(index))
      else requests.push(ask(slot, dueAt(index)))
    }
    await setTimeout(TICK_MS)
  }
  await Promise.all(requests)
  return latencies
}
