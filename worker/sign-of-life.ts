import type { Context } from '@temporalio/activity'
import type { ActivityInterceptors } from '@temporalio/worker'

/** Two may be lost, or come late, before the server takes the worker for dead. */
const SIGNS_PER_TIMEOUT = 3

/**
 * While a step is under way, says that its worker lives, if its workflow wants to hear that: a step that waits for Stripe has
 * nothing else to say, and is given to another worker as soon as it falls silent.
 */
export const signOfLife = (context: Context): ActivityInterceptors => ({
  inbound: {
    async execute(input, next) {
      const { heartbeatTimeoutMs } = context.info
      if (heartbeatTimeoutMs === undefined) return next(input)
      const timer = setInterval(() => context.heartbeat(), heartbeatTimeoutMs / SIGNS_PER_TIMEOUT)
      try {
        return await next(input)
      } finally {
        clearInterval(timer)
      }
    },
  },
})
