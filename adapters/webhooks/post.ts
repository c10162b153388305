import { request as requestHttp, type Agent, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent'

/** From the first byte sent to the last one read. A receiver that has more to do does it after its answer. */
export const ANSWER_TIMEOUT_MS = 10_000
/** Of an answer no more is read: its status has said all that counts. */
const ANSWER_MAX_BYTES = 4_096
/** Connections that wait for the next event of the same receiver, and how long: servers close theirs after 5 s or later. */
const IDLE_CONNECTIONS_MAX = 16
const IDLE_MAX_MS = 4_000

export type WebhookAnswer = {
  /** Null when none came. */
  readonly status: number | null
  /** Why none came, in words; null when one did. */
  readonly failure: string | null
  readonly retryAfterMs: number | null
  /** What it begins with. */
  readonly body: string
  readonly durationMs: number
}

type Request = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type WebhookPost = {
  readonly send: (request: Request) => Promise<WebhookAnswer>
  readonly close: () => void
}

/**
 * Posts to receivers that anybody may have named. Their names are resolved once, for the connection that is made; an
 * address of this machine or of a private network is refused, and so is whatever is not https, unless `allowsLocal`.
 * Redirects are not followed.
 */
export function createWebhookPost({
  allowsLocal,
  timeoutMs = ANSWER_TIMEOUT_MS,
}: {
  readonly allowsLocal: boolean
  /** Given by tests, which do not wait so long. */
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
    const began = performance.now()
    const took = () => Math.round(performance.now() - began)
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      if (!allowsLocal && !request.url.startsWith('https://')) throw new Error('it is not https')
      const answer = await post(request, agents, signal)
      const body = await beginningOf(answer, signal)
      const { statusCode: status = null, headers } = answer
      const retryAfterMs = retryAfterOf(headers['retry-after'], new Date())
      return { status, failure: null, retryAfterMs, body, durationMs: took() }
    } catch (error) {
      const words = error instanceof Error ? error.message || error.name : String(error)
      const failure = signal.aborted ? `no answer within ${timeoutMs} ms` : words
      return { status: null, failure, retryAfterMs: null, body: '', durationMs: took() }
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

/** A receiver that sends on and on is left; one that stops short has answered all the same. */
async function beginningOf(answer: IncomingMessage, signal: AbortSignal): Promise<string> {
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

/** Seconds, or a date (RFC 9110, 10.2.3). What is neither is nothing. */
function retryAfterOf(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now.getTime()
  return Number.isFinite(ms) && ms > 0 ? ms : null
}
