import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { nameRequest, type StatementWatch } from '../../telemetry/sql.ts'
import { ClosedSocket } from './closed-socket.ts'
import { SupabaseError } from './errors.ts'

/** As long as a statement may take over a connection, and a little more for the way. */
const ANSWER_TIMEOUT_MS = 12_000

export type SupabaseOptions = {
  readonly url: string
  /** The key whose role is `service_role`: row-level security does not hold it back. */
  readonly serviceRoleKey: string
  /** Given by tests, which do not wait so long. */
  readonly answerTimeoutMs?: number | undefined
  readonly onStatement?: StatementWatch | undefined
}

/**
 * What answers is the database, in time, or nobody: no session, no renewal of tokens, and nothing is asked twice behind our
 * back, because whoever asks knows whether that is safe.
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
        const answer = fetch(input, { ...init, signal: AbortSignal.timeout(answerTimeoutMs) })
        return onStatement === undefined
          ? answer
          : told(
              onStatement,
              input instanceof Request ? input.url : String(input),
              init?.method ?? 'GET',
              answer,
            )
      },
    },
  })

async function told(
  onStatement: StatementWatch,
  url: string,
  method: string,
  answer: Promise<Response>,
): Promise<Response> {
  const started = performance.now()
  const tell = (isFailed: boolean) =>
    onStatement({
      ...nameRequest(method, new URL(url).pathname),
      durationMs: performance.now() - started,
      isFailed,
    })
  try {
    const response = await answer
    tell(!response.ok)
    return response
  } catch (error) {
    tell(true)
    throw error
  }
}

type Answer = {
  readonly data: unknown
  readonly error: {
    readonly message: string
    readonly code?: string
    readonly details?: unknown
  } | null
  readonly status: number
}

/** @throws SupabaseError for whatever is not an answer. */
export async function answerOf(asked: PromiseLike<Answer>): Promise<unknown> {
  const { data, error, status } = await asked
  if (error !== null) throw new SupabaseError(error, status)
  return data
}
