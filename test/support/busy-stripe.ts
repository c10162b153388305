import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers requests as Stripe does for one customer, or answers 429 for half a minute. */
export type BusyStripe = {
  readonly url: string
  /** Arrival times of requests, by this process's monotonic clock. */
  readonly arrivals: number[]
  readonly refuse: (isRefusing: boolean) => void
  readonly close: () => Promise<void>
}

export async function startBusyStripe(): Promise<BusyStripe> {
  const arrivals: number[] = []
  let isRefusing = false
  const server = createServer((_request, response) => {
    arrivals.push(performance.now())
    response.writeHead(isRefusing ? 429 : 200, {
      'content-type': 'application/json',
      ...(isRefusing && { 'retry-after': '30' }),
    })
    response.end(JSON.stringify(isRefusing ? { error: { message: 'slow down' } } : { id: 'cus' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    arrivals,
    refuse: (wanted) => {
      isRefusing = wanted
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
