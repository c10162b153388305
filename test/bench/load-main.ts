import { randomUUID } from 'node:crypto'
import { fire } from './generator.ts'
import type { Load, Measured } from './load.ts'
import { signedEvents } from './signed-events.ts'
import { FEATURE, HOT_USER, LIMITED_USER, SETTING, userName } from './setting.ts'

const load = JSON.parse(process.argv[2] ?? '') as Load
const BILLING = '/api/v1/billing/usage'
const WEBHOOK_PATHS = { api: '/api/v1/billing/webhooks/stripe', bare: '/' }
const body = JSON.stringify({ feature: FEATURE, amount: 1 })

/** A complete HTTP request as bytes. */
const post = (path: string, headers: Readonly<Record<string, string>>, content: string) =>
  Buffer.from(
    [
      `POST ${path} HTTP/1.1`,
      `host: ${new URL(load.url).host}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(content)}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '',
      content,
    ].join('\r\n'),
  )
const headersOf = (user: string) => ({ authorization: 'Bearer bk_dev_app', 'x-user-id': user })
/** Requests with a separate key each, as a careful caller sends them; each one overwrites the previous one's buffer. */
function consume(user: string): () => Buffer {
  const request = post(
    `${BILLING}/consume`,
    { ...headersOf(user), 'idempotency-key': randomUUID() },
    body,
  )
  const place = request.indexOf('idempotency-key: ') + 'idempotency-key: '.length
  return () => {
    request.write(randomUUID(), place, 'latin1')
    return request
  }
}
/** The events of one customer; each connection sends for another customer. */
const batch = (user: string) =>
  post(
    `${BILLING}/batch`,
    headersOf(user),
    JSON.stringify({
      events: Array.from({ length: SETTING.batchEvents }, () => ({
        feature: FEATURE,
        amount: 1,
        idempotency_key: randomUUID(),
      })),
    }),
  )

/** Each connection sends for a few customers; together they cover all. */
const CUSTOMERS_PER_CONNECTION = Math.ceil(SETTING.customers / SETTING.connections)
function customersOf(
  connection: number,
  ask: (user: string) => () => Buffer = consume,
): () => Buffer {
  const first = CUSTOMERS_PER_CONNECTION * connection
  const requests = Array.from({ length: CUSTOMERS_PER_CONNECTION }, (_, index) =>
    ask(userName((first + index) % SETTING.customers)),
  )
  let sent = 0
  return () => {
    const next = requests[sent++ % requests.length]
    if (next === undefined) throw new Error('a connection speaks for nobody')
    return next()
  }
}

function check(user: string): () => Buffer {
  const request = post(`${BILLING}/check`, headersOf(user), body)
  return () => request
}

/** Of ten calls, seven count usage for all customers in turn, two only check, and one counts for the hot customer. */
function mixed(connection: number): () => Buffer {
  const [spread, hot] = [customersOf(connection), consume(HOT_USER)]
  const asks = check(userName(connection))
  let sent = 0
  return () => {
    const turn = sent++ % 10
    return turn < 7 ? spread() : turn < 9 ? asks() : hot()
  }
}

const ECHO = post('/', {}, body)
const REQUESTS: Record<Load['kind'], (connection: number) => () => Buffer> = {
  echo: () => () => ECHO,
  spread: (connection) => customersOf(connection),
  check: (connection) => customersOf(connection, check),
  hot: () => consume(HOT_USER),
  limited: () => consume(LIMITED_USER),
  batch: (connection) => () => batch(userName(connection)),
  mixed,
  webhook: () => signedEvents(post, WEBHOOK_PATHS[load.target ?? 'api']),
}

const during = (seconds: number) =>
  fire({
    port: Number(new URL(load.url).port),
    connections: load.kind === 'batch' ? SETTING.batchConnections : SETTING.connections,
    requestsOf: REQUESTS[load.kind],
    seconds,
    rate: load.rate,
  })

const warmUp = await during(SETTING.warmUpSeconds)
const { count, ...fired } = await during(SETTING.seconds)
const measured: Measured = { ...fired, sent: warmUp.count + count }
console.log(JSON.stringify(measured))
