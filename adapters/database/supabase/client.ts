import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { nameRequest, type StatementWatch } from '../../telemetry/sql.ts'
import { ClosedSocket } from './closed-socket.ts'
import { errorFrom, type Refusal } from './errors.ts'

/** The statement timeout of a connection (10 s), and 2 s for the way. */
const ANSWER_TIMEOUT_MS = 12_000

/** The address and key of a Supabase project. `onStatement` measures each request. */
export type SupabaseOptions = {
  readonly url: string
  /** A key with the role `service_role`, which bypasses row-level security. */
  readonly serviceRoleKey: string
  /** 12,000 if absent; tests shorten it. */
  readonly answerTimeoutMs?: number | undefined
  readonly onStatement?: StatementWatch | undefined
}

/**
 * A client without sessions, token renewal or retries. Only the caller knows whether a request may be repeated.
 */
export const createSupabase = ({
  url,
  serviceRoleKey,
  answerTimeoutMs = ANSWER_TIMEOUT_MS,
  onStatement,
}: SupabaseOptions): SupabaseClient =>
  createClient(url, serviceRoleKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    realtime: { transport: ClosedSocket },
    global: {
      fetch: (input, init) => {
        const response = fetch(input, { ...init, signal: AbortSignal.timeout(answerTimeoutMs) })
        if (onStatement === undefined) return response
        const address = input instanceof Request ? input.url : String(input)
        return measured(
          onStatement,
          nameRequest(init?.method ?? 'GET', new URL(address).pathname),
          response,
        )
      },
    },
  })

async function measured(
  onStatement: StatementWatch,
  name: ReturnType<typeof nameRequest>,
  pending: Promise<Response>,
): Promise<Response> {
  const startedAt = performance.now()
  const report = (isFailed: boolean) =>
    onStatement({ ...name, durationMs: performance.now() - startedAt, isFailed })
  try {
    const response = await pending
    report(!response.ok)
    return response
  } catch (error) {
    report(true)
    throw error
  }
}

type Reply = {
  readonly data: unknown
  readonly error: Refusal | null
  readonly status: number
}

/**
 * The data of a reply.
 * @throws DatabaseUnreachableError if the request did not reach Postgres, or its reply was lost.
 * @throws SupabaseError if PostgREST or Postgres refused the request.
 */
export async function replyOf(request: PromiseLike<Reply>): Promise<unknown> {
  const { data, error, status } = await request
  if (error !== null) throw errorFrom(error, status)
  return data
}
