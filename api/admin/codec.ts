import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Payload } from '@temporalio/common'
import type { ApiDependencies, ApiEnvironment } from '../environment.ts'
import { jsonContent } from '../json.ts'
import { problem, problemResponses } from '../problem.ts'
import { validationHook } from '../validation.ts'
import { createRoute } from '../route.ts'

/** More than a page of a history in the Temporal UI. */
const PAYLOADS_MAX = 1_000

const payloadsSchema = z
  .object({
    payloads: z
      .array(
        z.object({
          metadata: z.record(z.string(), z.base64()).optional(),
          data: z.base64().optional(),
        }),
      )
      .max(PAYLOADS_MAX),
  })
  .openapi('Payloads')
const content = jsonContent(payloadsSchema)

const route = createRoute({
  operationId: 'decodePayloads',
  callers: 'operator',
  method: 'post',
  path: '/admin/codec/decode',
  tags: ['Operators'],
  summary: 'Decrypt Temporal payloads',
  description:
    'A remote codec server for the Temporal CLI and UI, for deployments that encrypt payloads with `TEMPORAL_PAYLOAD_KEYS`. Payloads that are not encrypted are returned unchanged.',
  request: { body: { required: true, content } },
  responses: {
    200: { description: 'The decrypted payloads, in the same order.', content },
    ...problemResponses('malformed_json', 'unauthenticated', 'forbidden', 'invalid_request'),
  },
})

/** @see https://docs.temporal.io/codec-server */
export const payloadCodec = ({ decryptPayloads, logger }: ApiDependencies) =>
  new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook }).openapi(route, async (c) => {
    const given = c.req.valid('json').payloads.map(({ metadata = {}, data = '' }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
      ),
      data: Buffer.from(data, 'base64'),
    }))
    try {
      const payloads = await decryptPayloads(given)
      return c.json({ payloads: payloads.map(viewOfPayload) }, 200)
    } catch (error) {
      // The payload was changed, or comes from another cluster.
      logger.warn({ err: error, requestId: c.get('requestId') }, 'a payload was not decrypted')
      return problem(
        c,
        'invalid_request',
        'A payload was changed, or encrypted with an unknown key.',
      )
    }
  })

const viewOfPayload = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]),
  ),
  data: base64(data),
})
const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64')
