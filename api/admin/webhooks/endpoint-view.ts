import { z } from '@hono/zod-openapi'
import { WEBHOOK_TYPES } from '../../../domain/webhook/webhook.ts'
import type { WebhookEndpoint } from '../../../domain/webhook/repository.ts'
import { instant } from '../request.ts'

/** A webhook endpoint without its secrets. */
export const endpointSchema = z
  .object({
    id: z.uuid(),
    url: z.string(),
    description: z.string(),
    event_types: z
      .array(z.string())
      .nullable()
      .describe('Null is all types, including those of later releases.'),
    state: z.enum(['enabled', 'disabled']),
    disabled_reason: z.string().nullable(),
    disabled_at: instant
      .nullable()
      .describe(
        'To deliver what the endpoint has missed, enable it, then replay since a time before its failure.',
      ),
    failing_since: instant
      .nullable()
      .describe('Since when no delivery was acknowledged; null if the endpoint works.'),
    secrets: z
      .array(z.object({ valid_until: instant.nullable() }))
      .describe('The secrets that sign now, newest first, without the secrets themselves.'),
    created_at: instant,
    updated_at: instant,
  })
  .openapi('WebhookEndpoint')

/** The type of an event that endpoints can receive. */
export const typeField = z.enum(WEBHOOK_TYPES)

/** @returns a webhook endpoint in JSON, without its secrets. */
export const viewOfEndpoint = (
  endpoint: WebhookEndpoint,
  now: Date,
): z.infer<typeof endpointSchema> => ({
  id: endpoint.id,
  url: endpoint.url,
  description: endpoint.description,
  event_types: endpoint.eventTypes === null ? null : [...endpoint.eventTypes],
  state: endpoint.state,
  disabled_reason: endpoint.disabledReason,
  disabled_at: endpoint.disabledAt?.toISOString() ?? null,
  failing_since: endpoint.failingSince?.toISOString() ?? null,
  secrets: endpoint.secrets
    .filter(({ until }) => until === null || now < until)
    .map(({ until }) => ({ valid_until: until?.toISOString() ?? null })),
  created_at: endpoint.createdAt.toISOString(),
  updated_at: endpoint.updatedAt.toISOString(),
})
