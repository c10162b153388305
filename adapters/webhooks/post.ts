import { request as requestHttp, type Agent, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent'

/** From the first byte sent to the last byte read. A receiver with more work should respond first. */
export const ANSWER_TIMEOUT_MS = 10_000
/** The most of a response body that is read, because only the status matters. */
const ANSWER_MAX_BYTES = 4_096
/** Idle connections are reused for the next event. Most servers close them after 5 s or later, so we close ours earlier. */
const IDLE_CONNECTIONS_MAX = 16
const IDLE_MAX_MS = 4_000

/** The response of an endpoint, or why there is none. Times are in milliseconds. */
export type WebhookAnswer = {
  /** Null without a response. */
  readonly status: number | null
  /** Why there is no response; null when there is one. */
  readonly failure: string | null
  readonly retryAfterMs: number | null
  /** The first 4 KiB. */
  readonly body: string
  readonly durationMs: number
}

type Request = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends webhooks. `send` never throws: a failure is an answer. `close` closes idle connections. */
export type WebhookPost = {
  readonly send: (request: Request) => Promise<WebhookAnswer>
  readonly close: () => void
}

/**
 * Posts to URLs that customers' applications chose, so they may point anywhere. Unless `allowsLocal`, it refuses everything but
 * https, and addresses of this machine or a private network. The address that is checked is the one that is connected to, so DNS
 * cannot change in between. Redirects are not followed.
 */
export function createWebhookPost({
  allowsLocal,
  timeoutMs = ANSWER_TIMEOUT_MS,
}: {
  readonly allowsLocal: boolean
  /** For tests, which cannot wait that long. */
  readonly timeoutMs?: number
}): WebhookPost {
  const options = {
    keepAlive: true,
    maxFreeSockets: IDLE_CONNECTIONS_MAX,
    timeout: IDLE_MAX_MS,
    allowPrivateIPAddress: allowsLocal,
  }
  const agents = {
    http: new RequestFilteringHttpAgent(options),
    https: new RequestFilteringHttpsAgent(options),
  }

  async function send(request: Request): Promise<WebhookAnswer> {
    const started = performance.now()
    const durationMs = () => Math.round(performance.now() - started)
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      if (!allowsLocal && !request.url.startsWith('https://'))
        throw new Error('the URL is not https')
      const answer = await post(request, agents, signal)
      const body = await startOfBody(answer, signal)
      const { statusCode: status = null, headers } = answer
      const retryAfterMs = retryAfterOf(headers['retry-after'], new Date())
      return { status, failure: null, retryAfterMs, body, durationMs: durationMs() }
    } catch (error) {
      const message = error instanceof Error ? error.message || error.name : String(error)
      const failure = signal.aborted ? `no answer within ${timeoutMs} ms` : message
      return { status: null, failure, retryAfterMs: null, body: '', durationMs: durationMs() }
    }
  }

  return {
    send,
    close: () => {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

function post(
  { url, headers, body }: Request,
  agents: { readonly http: Agent; readonly https: Agent },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isSecure = new URL(url).protocol === 'https:'
  const request = isSecure ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        agent: isSecure ? agents.https : agents.http,
        signal,
      },
      resolve,
    )
    sent.once('error', reject)
    sent.end(body)
  })
}

/** Stops reading at `ANSWER_MAX_BYTES`, so an endless body does no harm. */
async function startOfBody(answer: IncomingMessage, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    const bytes: Buffer = chunk
    chunks.push(bytes)
    size += bytes.length
    if (size >= ANSWER_MAX_BYTES) break
  }
  signal.throwIfAborted()
  return Buffer.concat(chunks).subarray(0, ANSWER_MAX_BYTES).toString()
}

/** @returns the wait in a `Retry-After` header, in seconds or as a date; null for anything else @see RFC 9110, section 10.2.3 */
function retryAfterOf(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now.getTime()
  return Number.isFinite(ms) && ms > 0 ? ms : null
}
