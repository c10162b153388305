import { createWebhookPost, type WebhookPost } from '../../adapters/webhooks/post.ts'
import { createWebhookSecrets, type WebhookSecrets } from '../../adapters/webhooks/secrets.ts'
import type { NamedKey } from '../../adapters/secrets/sealing.ts'

/** The parts that sign and post a webhook to an application. */
export type WebhookSender = {
  /** Undefined without WEBHOOK_SECRET_KEYS: no webhooks are sent then. */
  readonly secrets: WebhookSecrets | undefined
  readonly post: WebhookPost
  /** Whether http and private addresses are allowed, as everywhere except production. */
  readonly allowsLocal: boolean
}

/** Creates the sender of signed webhooks. Only outside production may it reach local addresses. */
export function createWebhookSender(
  environment: string,
  secretKeys: readonly NamedKey[],
): WebhookSender {
  const allowsLocal = environment !== 'production'
  return {
    secrets: createWebhookSecrets(secretKeys),
    post: createWebhookPost({ allowsLocal }),
    allowsLocal,
  }
}
