import { createCall, type Call, type CallOptions, type Connection, type RequestOf } from './call.ts'
import { ProblemError } from './errors.ts'
import { createInvoices } from './invoices.ts'
import { createPolicy, type WhenUnreachable } from './policy.ts'
import { RETRY, USAGE_RETRY, type RetryPolicy } from './retry.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createUnsent, type UnsentOptions } from './unsent.ts'
import { createUsage, readUsage } from './usage.ts'

const BASE_PATH = '/api/v1/billing'

type CommonOptions = {
  /** The URL of the service, such as `https://billing.example.com`. */
  readonly baseUrl: string
  /** Retries of each call; by default at most 10 attempts of 15 s each, within 30 s. */
  readonly retry?: Partial<RetryPolicy>
  /** The runtime's own by default. */
  readonly fetch?: typeof fetch
}

/** Options of an application, which acts for its users with an API key. */
export type ApplicationOptions = CommonOptions & {
  /** A key of scope `app`, `read` or `operator`. It belongs on a server, never in a browser. */
  readonly apiKey: string
  /**
   * Retries of `usage.check` and `usage.consume`, which run inside the application's own requests; by default attempts of 2 s
   * each, within 5 s.
   */
  readonly usageRetry?: Partial<RetryPolicy>
  /** The behaviour of `usage.check` and `usage.consume` while the service is unreachable; `closed` by default. */
  readonly whenUnreachable?: WhenUnreachable
  /** How usage that an `open` policy allowed is kept until it can be sent. */
  readonly unsent?: UnsentOptions
}

/** Options of a user with their own token. A function is called before each request, so that it can renew the token. */
export type UserOptions = CommonOptions & {
  /** The token without `Bearer`. */
  readonly userToken: string | (() => string | Promise<string>)
}

/** A client with an API key: for an application's server. */
export type ApplicationClient = ReturnType<typeof applicationClient>
/** A client with a user's own token: for a browser or an app. */
export type UserClient = ReturnType<typeof userClient>

/**
 * Creates a client of the billing service. It opens no connection before the first call.
 *
 * With `apiKey` it acts for any user (`forUser`) and may call operator operations; with `userToken` it acts for that user.
 */
export function createClient(options: ApplicationOptions): ApplicationClient
export function createClient(options: UserOptions): UserClient
export function createClient(options: ApplicationOptions | UserOptions) {
  return 'apiKey' in options ? applicationClient(options) : userClient(options)
}

const connectionOf = (options: CommonOptions, headers: Connection['headers']): Connection => ({
  baseUrl: options.baseUrl.replace(/\/+$/, '') + BASE_PATH,
  // Browsers throw when `fetch` is called as a method of another object.
  fetch: options.fetch ?? ((...given) => fetch(...given)),
  retry: { ...RETRY, ...options.retry },
  headers,
})

const plansOf = (call: Call) => ({
  /** The plans on sale. */
  list: async (options?: CallOptions) => (await call('GET /plans', {}, options)).plans,
})

function openPortal(call: Call) {
  /** Opens Stripe's billing portal, where a user changes cards and pays open invoices. */
  return (body: { readonly return_url: string }, options?: CallOptions) =>
    call('POST /portal', { body }, options)
}

const readCustomer = (call: Call) => ({
  /** Address, name, language and time zone; null for a user who was never a customer. */
  async get(options?: CallOptions) {
    try {
      return await call('GET /customer', {}, options)
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'customer_not_found') return null
      throw error
    }
  },
})

const createCustomer = (call: Call) => ({
  ...readCustomer(call),
  /** Sets address and name; absent fields stay. E-mails go to the new address from now on, and Stripe's customer follows. */
  change: (body: RequestOf<'PUT /customer'>['body'], options?: CallOptions) =>
    call('PUT /customer', { body }, options),
})

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
    customer: readCustomer(call),
    usage: readUsage(call),
    openPortal: openPortal(call),
  }
}

function applicationClient(options: ApplicationOptions) {
  const authorization = `Bearer ${options.apiKey}`
  const callFor = (userId: string | undefined, retry: Partial<RetryPolicy> = {}) => {
    const headers = {
      authorization,
      ...(userId !== undefined && { 'x-user-id': headerOf(userId) }),
    }
    const connection = connectionOf(options, async () => headers)
    return createCall({ ...connection, retry: { ...connection.retry, ...retry } })
  }
  const usageRetry = { ...USAGE_RETRY, ...options.usageRetry }
  const policy = createPolicy()
  const unsent = createUnsent(
    // The queue has retries of its own, so one attempt is enough.
    (userId, events) =>
      callFor(userId, { attemptsMax: 1 })('POST /usage/batch', {
        body: { events },
      }),
    options.unsent,
  )
  const call = callFor(undefined)
  return {
    /** Any operation of the API by its name, including operator operations. */
    call,
    plans: plansOf(call),
    /** Sends the usage that an open policy allowed. @returns the number of events that still wait. */
    flush: () => unsent.flush(),
    /** Call before the process ends: sends what can be sent. @returns the unsent events by user, for `usage.batch` later. */
    close: () => unsent.close(),
    /** All operations for one user, by the application's own user id. */
    forUser(userId: string) {
      const forUser = callFor(userId)
      const { whenUnreachable = 'closed' } = options
      return {
        call: forUser,
        subscriptions: createSubscriptions(forUser),
        customer: createCustomer(forUser),
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

/** The header `X-User-Id`: ASCII as it is, everything else in percent-encoding, because headers have no encoding of their own. */
const headerOf = (userId: string): string =>
  /^[\x21-\x24\x26-\x7e]+$/.test(userId) ? userId : encodeURIComponent(userId)
