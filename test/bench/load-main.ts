import { randomUUID } from 'node:crypto'
import autocannon from 'autocannon'
import type { Load, Measured } from './load.ts'
import { FEATURE, HOT_USER, LIMITED_USER, SETTING, userName } from './setting.ts'

const load = JSON.parse(process.argv[2] ?? '') as Load
const BILLING = '/api/v1/billing/usage'
const body = JSON.stringify({ feature: FEATURE, amount: 1 })

const headersOf = (user: string) => ({
  authorization: 'Bearer bk_dev_app',
  'content-type': 'application/json',
  'x-user-id': user,
})
const consume = (user: string): autocannon.Request => ({
  method: 'POST',
  path: `${BILLING}/consume`,
  headers: headersOf(user),
  body,
})
const batch = (): autocannon.Request => ({
  method: 'POST',
  path: `${BILLING}/batch`,
  headers: headersOf(HOT_USER),
  setupRequest: (request) => ({ ...request, body: batchBody() }),
})
const batchBody = () =>
  JSON.stringify({
    events: Array.from({ length: SETTING.batchEvents }, () => ({
      feature: FEATURE,
      amount: 1,
      idempotency_key: randomUUID(),
    })),
  })

/** A connection speaks for a few customers, and all connections together for all of them. */
const CUSTOMERS_PER_CONNECTION = Math.ceil(SETTING.customers / SETTING.connections)
let connected = 0
function customersOfNextConnection(): autocannon.Request[] {
  const first = CUSTOMERS_PER_CONNECTION * connected++
  return Array.from({ length: CUSTOMERS_PER_CONNECTION }, (_, index) =>
    consume(userName((first + index) % SETTING.customers)),
  )
}

const REQUESTS: Record<Load['kind'], () => autocannon.Request[]> = {
  echo: () => [
    { method: 'POST', path: '/', headers: { 'content-type': 'application/json' }, body },
  ],
  spread: customersOfNextConnection,
  hot: () => [consume(HOT_USER)],
  limited: () => [consume(LIMITED_USER)],
  batch: () => [batch()],
}

async function fire(duration: number): Promise<Measured> {
  const result = await autocannon({
    url: load.url,
    connections: load.kind === 'batch' ? SETTING.batchConnections : SETTING.connections,
    duration,
    requests: REQUESTS[load.kind](),
    ...(load.kind === 'spread' && {
      setupClient: (client) => client.setRequests(customersOfNextConnection()),
    }),
    ...(load.rate !== undefined && { overallRate: load.rate }),
  })
  if (result.non2xx + result.errors + result.timeouts > 0)
    throw new Error(
      `${result.non2xx} of ${result.requests.total} answers were no 200, ${result.errors} calls failed, ${result.timeouts} of them by timeout`,
    )
  return {
    perSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  }
}

await fire(SETTING.warmUpSeconds)
console.log(JSON.stringify(await fire(SETTING.seconds)))
