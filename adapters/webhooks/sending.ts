import { createWebhookPost, type WebhookPost } from './post.ts'
import { createWebhookSecrets, type WebhookSecrets } from './secrets.ts'
import type { NamedKey } from '../sealing.ts'

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
