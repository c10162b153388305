import { createMailer, type Mailer } from '../adapters/mail/mailer.ts'
import { createLetterDelivery, type LetterDelivery } from '../outbox/letters/delivery.ts'
import { deliverWebhooks } from '../outbox/webhooks/delivery.ts'
import { createWebhookRounds, type WebhookRounds } from '../outbox/webhooks/rounds.ts'
import { createWebhookSender, type WebhookSender } from '../outbox/webhooks/sender.ts'
import type { ContainerConfig } from './container-config.ts'
import type { Core } from './core.ts'

/** The name in `Acme <billing@acme.example>`; without one, the address. */
const nameOfSender = (from: string): string =>
  (from.split('<')[0] ?? '').replaceAll('"', '').trim() || from

/** Sends letters to customers and webhooks to applications. */
export type Outbox = {
  readonly mailer: Mailer
  readonly deliverLetters: LetterDelivery['deliver']
  readonly webhooks: WebhookSender
  /** Sends due webhooks, and waits for the slowest endpoint. @returns the number of attempts */
  readonly deliverWebhooks: (at: Date, until?: AbortSignal) => Promise<number>
  readonly startWebhooks: WebhookRounds['start']
  /** Waits for the letters and webhooks that are being sent, and closes the connections. */
  readonly closeOutbox: () => Promise<void>
}

/** Connects the mailer and the sender of webhooks to what waits for them in the database. */
export function createOutbox(
  config: ContainerConfig,
  { logger, telemetry, repositories }: Core,
): Outbox {
  const mailer = createMailer(config.mail)
  const { disabledKinds = [] } = config.mail
  const { letters, webhooks, plans } = repositories
  const setting = { senderName: nameOfSender(config.mail.from), manageUrl: config.mail.manageUrl }
  const delivery = createLetterDelivery({
    letters,
    mailer,
    logger,
    disabledKinds,
    setting,
    telemetry,
  })
  const sender = createWebhookSender(config.environment, config.webhooks?.secretKeys ?? [])
  const parts = {
    webhooks,
    plans,
    sender,
    logger,
    wall: () => new Date(),
    chance: Math.random,
    telemetry,
  }
  const rounds = createWebhookRounds(parts)
  return {
    mailer,
    deliverLetters: delivery.deliver,
    webhooks: sender,
    deliverWebhooks: (at, until) => deliverWebhooks(parts, { at, until }),
    startWebhooks: rounds.start,
    closeOutbox: async () => {
      await Promise.all([delivery.finish(), rounds.finish()])
      sender.post.close()
      mailer.close()
    },
  }
}
