import { CONCURRENT_MAX, sendDue, type DeliveryParts } from './delivery.ts'

/** Sends webhooks in the background, to each endpoint apart from all others. */
export type WebhookRounds = {
  /** Starts to send to each endpoint that has due webhooks, over the connections to it that are free. @returns their number */
  readonly start: (at: Date, until?: AbortSignal) => Promise<number>
  /** Resolves when all of them have ended. Abort their `until` first. */
  readonly finish: () => Promise<void>
}

/**
 * An endpoint that does not answer keeps its connections for many minutes, ten seconds at a time. Only its own later webhooks
 * wait for that.
 */
export function createWebhookRounds(parts: DeliveryParts): WebhookRounds {
  const busy = new Map<string, number>()
  const underWay = new Set<Promise<void>>()
  const connectionsOf = (endpointId: string) => busy.get(endpointId) ?? 0

  async function send(endpointId: string, at: Date, until: AbortSignal | undefined) {
    busy.set(endpointId, connectionsOf(endpointId) + 1)
    try {
      await sendDue(parts, endpointId, { at, until })
    } catch (error) {
      parts.logger.warn({ err: error, endpointId }, 'webhooks were not sent')
    } finally {
      if (connectionsOf(endpointId) > 1) busy.set(endpointId, connectionsOf(endpointId) - 1)
      else busy.delete(endpointId)
    }
  }

  return {
    async start(at, until) {
      if (parts.sender.secrets === undefined) return 0
      let started = 0
      for (const endpointId of await parts.webhooks.deliveries.endpointsDue(at))
        for (; connectionsOf(endpointId) < CONCURRENT_MAX; started++) {
          const sending = send(endpointId, at, until)
          underWay.add(sending)
          void sending.finally(() => underWay.delete(sending))
        }
      return started
    },
    finish: async () => {
      await Promise.allSettled(underWay)
    },
  }
}
