import { z } from '@hono/zod-openapi'
import { SCOPES, type ApiKey } from '../../domain/operator/api-key.ts'
import { instant } from './request.ts'

/** An API key without the key itself. */
export const apiKeySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string().describe('The first characters of the key, to recognize it.'),
    scopes: z.array(z.enum(SCOPES)),
    created_at: instant,
    expires_at: instant.nullable().describe('When the key expires; null is never.'),
    last_used_at: instant.nullable().describe('Accurate to one minute.'),
    revoked_at: instant.nullable(),
    rotated_from: z.uuid().nullable().describe('The key that this one replaces.'),
  })
  .openapi('ApiKey')

/** @returns an API key in JSON, without the key itself. */
export const viewOfKey = (key: ApiKey): z.infer<typeof apiKeySchema> => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  scopes: [...key.scopes],
  created_at: key.createdAt.toISOString(),
  expires_at: key.expiresAt?.toISOString() ?? null,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
  revoked_at: key.revokedAt?.toISOString() ?? null,
  rotated_from: key.rotatedFrom,
})
