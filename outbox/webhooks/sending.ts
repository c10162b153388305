import { createWebhookPost, type WebhookPost } from '../../adapters/webhooks/post.ts'
import { createWebhookSecrets, type WebhookSecrets } from '../../adapters/webhooks/secrets.ts'
import type { NamedKey } from '../../adapters/secrets/sealing.ts'

/** What it takes to tell an application anything. */
export type WebhookSending = {
  /** Undefined where WEBHOOK_SECRET_KEYS is not set: nobody can be told anything. */
  readonly secrets: WebhookSecrets | undefined
  readonly post: WebhookPost
  /** Whether http, and addresses of this machine and of private networks, are let pass: not in production. */
  readonly allowsLocal: boolean
}

export function createWebhookSending(
  environment: string,
  secretKeys: readonly NamedKey[],
): WebhookSending {
  const allowsLocal = environment !== 'production'
  return {
    secrets: createWebhookSecrets(secretKeys),
    post: createWebhookPost({ allowsLocal }),
    allowsLocal,
  }
}
