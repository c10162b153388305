import { createCall, type Call, type CallOptions, type Connection } from './call.ts'
import { createInvoices } from './invoices.ts'
import { createPolicy, type WhenUnreachable } from './policy.ts'
import { RETRY, USAGE_RETRY, type RetryPolicy } from './retry.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createUnsent, type UnsentOptions } from './unsent.ts'
import { createUsage, readUsage } from './usage.ts'

const BASE_PATH = '/api/v1/billing'

type CommonOptions = {
  /** Where the service is, such as `https://billing.example.com`. */
  readonly baseUrl: string
  readonly retry?: Partial<RetryPolicy>
  /** The runtime's own, unless there is another. */
  readonly fetch?: typeof fetch
}

/** An application, which acts for its users. */
export type ApplicationOptions = CommonOptions & {
  readonly apiKey: string
  /** Of `usage.check` and `usage.consume`, whose caller waits. */
  readonly usageRetry?: Partial<RetryPolicy>
  /** What `usage.check` and `usage.consume` do while the service cannot be reached; `closed` unless something else is said. */
  readonly whenUnreachable?: WhenUnreachable
  /** What becomes of usage that an `open` policy allowed. */
  readonly unsent?: UnsentOptions
}

/** A user, by a token of their own; asked for again before each call when it is a function. */
export type UserOptions = CommonOptions & {
  readonly userToken: string | (() => string | Promise<string>)
}

export type ApplicationClient = ReturnType<typeof applicationClient>
export type UserClient = ReturnType<typeof userClient>

/** A client of the billing service. Nothing is connected before it is used. */
export function createClient(options: ApplicationOptions): ApplicationClient
export function createClient(options: UserOptions): UserClient
export function createClient(options: ApplicationOptions | UserOptions) {
  return 'apiKey' in options ? applicationClient(options) : userClient(options)
}

const connectionOf = (options: CommonOptions, headers: Connection['headers']): Connection => ({
  baseUrl: options.baseUrl.replace(/\/+$/, '') + BASE_PATH,
  // Called as a method of ours it would miss the global object that browsers want it to have.
  fetch: options.fetch ?? ((...given) => fetch(...given)),
  retry: { ...RETRY, ...options.retry },
  headers,
})

const plansOf = (call: Call) => ({
  /** What is on sale. */
  list: async (options?: CallOptions) => (await call('GET /plans', {}, options)).plans,
})

function openPortal(call: Call) {
  /** Stripe's billing portal, where a user changes cards and sees bills. */
  return (body: { readonly return_url: string }, options?: CallOptions) =>
    call('POST /portal', { body }, options)
}

function userClient(options: UserOptions) {
  const { userToken } = options
  const call = createCall(
    connectionOf(options, async () => ({
      authorization: `Bearer ${typeof userToken === 'string' ? userToken : await userToken()}`,
    })),
  )
  return {
    /** Any operation of the API by its name. */
    call,
    plans: plansOf(call),
    subscriptions: createSubscriptions(call),
    invoices: createInvoices(call),
    usage: readUsage(call),
    openPortal: openPortal(call),
  }
}

function applicationClient(options: ApplicationOptions) {
  const authorization = `Bearer ${options.apiKey}`
  const callFor = (userId: string | undefined, retry: Partial<RetryPolicy> = {}) => {
    const headers = { authorization, ...(userId !== undefined && { 'x-user-id': userId }) }
    const connection = connectionOf(options, async () => headers)
    return createCall({ ...connection, retry: { ...connection.retry, ...retry } })
  }
  const usageRetry = { ...USAGE_RETRY, ...options.usageRetry }
  const policy = createPolicy()
  const unsent = createUnsent(
    // Waiting for the service is its own matter: one attempt is enough.
    (userId, events) =>
      callFor(userId, { attemptsMax: 1 })('POST /usage/batch', {
        body: { events },
      }),
    options.unsent,
  )
  const call = callFor(undefined)
  return {
    /** Any operation of the API by its name, those of operators among them. */
    call,
    plans: plansOf(call),
    /** Sends usage that an open policy allowed, as far as the service takes it; answers how many events still wait. */
    flush: () => unsent.flush(),
    /** Before the process ends: sends what can be sent, and answers what is left, by user, for `usage.batch` later. */
    close: () => unsent.close(),
    /** All that can be done for one user, by the application's own id. */
    forUser(userId: string) {
      const forUser = callFor(userId)
      const { whenUnreachable = 'closed' } = options
      return {
        call: forUser,
        subscriptions: createSubscriptions(forUser),
        invoices: createInvoices(forUser),
        usage: createUsage({
          call: callFor(userId, usageRetry),
          policy,
          unsent,
          whenUnreachable,
          userId,
        }),
        openPortal: openPortal(forUser),
      }
    },
  }
}
