import type { WebhookEndpoint } from '../../domain/webhook/repository.ts'
import { signed } from './payload.ts'
import type { WebhookAnswer, WebhookPost } from '../../adapters/webhooks/post.ts'
import type { WebhookSecrets } from '../../adapters/webhooks/secrets.ts'

/** Sends one `webhook.test` event, which receivers ignore if they do not know the type. @returns the receiver's response */
export async function sendTestEvent(
  { post, secrets }: { readonly post: WebhookPost; readonly secrets: WebhookSecrets },
  endpoint: WebhookEndpoint,
  { id, at, wall }: { readonly id: string; readonly at: Date; readonly wall: Date },
): Promise<WebhookAnswer> {
  const payload = {
    type: 'webhook.test',
    timestamp: at.toISOString(),
    data: { endpoint_id: endpoint.id },
  }
  const valid = secrets.validAt(endpoint.id, endpoint.secrets, at)
  return post.send({ url: endpoint.url, ...signed({ id, payload, at: wall }, valid) })
}
