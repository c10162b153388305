import type Stripe from 'stripe'
import { z } from 'zod'
import { readIfPresent, replaceFile } from './kept-file.ts'

const keptEndpoint = z.object({ id: z.string(), secret: z.string() })

/**
 * The signing secret of the webhook endpoint at `url`. Stripe shows a secret once, at creation, so
 * it is stored in `file`. A later start finds the endpoint again and only updates its URL.
 */
export async function ensureWebhookEndpoint(
  stripe: Stripe,
  url: string,
  file: string,
): Promise<string> {
  const text = await readIfPresent(file)
  const kept = text === undefined ? undefined : keptEndpoint.parse(JSON.parse(text))
  // A simulator has few endpoints: the stack creates one.
  const { data: endpoints } = await stripe.webhookEndpoints.list({ limit: 100 })
  const known = endpoints.find(({ id }) => id === kept?.id)
  if (kept && known) {
    if (known.url !== url) await stripe.webhookEndpoints.update(known.id, { url })
    return kept.secret
  }
  const made = await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] })
  if (made.secret === undefined) throw new Error('the new webhook endpoint came without its secret')
  await replaceFile(file, JSON.stringify({ id: made.id, secret: made.secret }))
  return made.secret
}
