import type { Context } from '@temporalio/activity'
import type { ActivityInterceptors } from '@temporalio/worker'

/** Two heartbeats may be lost or late before the server considers the worker dead. */
const SIGNS_PER_TIMEOUT = 3

/**
 * Sends heartbeats during a step, if its workflow set a heartbeat timeout: a step that waits for Stripe sends
 * none itself, and Temporal gives a silent step to another worker.
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
