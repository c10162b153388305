import type { MiddlewareHandler } from 'hono'
import { isUnreachable, type ApplicationClient } from '@perennial/client'

/**
 * Counts one unit of `feature` for each request of a signed-in user, before it is answered; answers 402 when the plan
 * has no more of it, and 503 when the service is unreachable.
 *
 * @param userOf the application's own id of the user who sends the request.
 */
export function metered(
  billing: ApplicationClient,
  feature: string,
  userOf: (request: Request) => string,
): MiddlewareHandler {
  return async (c, next) => {
    const { usage } = billing.forUser(userOf(c.req.raw))
    // A browser's own retry of this request is the same usage.
    const key = c.req.header('idempotency-key')
    try {
      const decision = await usage.consume(
        { feature },
        key === undefined ? {} : { idempotencyKey: key },
      )
      if (decision.outcome === 'refused')
        return c.json({ error: decision.reason, resets_at: decision.resets_at }, 402)
      if (decision.decided_by === 'service' && decision.remaining !== null)
        c.header('X-Quota-Remaining', String(decision.remaining))
    } catch (error) {
      if (isUnreachable(error)) return c.json({ error: 'billing is away' }, 503)
      throw error
    }
    return next()
  }
}
