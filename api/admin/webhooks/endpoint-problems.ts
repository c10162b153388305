import type { Context } from 'hono'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { problem } from '../../problem.ts'

/** The problem of an unknown endpoint. */
export const missingEndpoint = (c: Context<ApiEnvironment>) =>
  problem(
    c,
    'webhook_endpoint_not_found',
    'There is no webhook endpoint with this id. GET /admin/webhook-endpoints lists all endpoints.',
  )

/** The problem of a deployment without `WEBHOOK_SECRET_KEYS`. */
export const notConfigured = (c: Context<ApiEnvironment>) =>
  problem(
    c,
    'webhooks_not_configured',
    'Set `WEBHOOK_SECRET_KEYS` for the API and the worker. They encrypt the signing secrets.',
  )

/** The problem of an http:// address in production; undefined if the address is valid. */
export const urlProblem = (
  c: Context<ApiEnvironment>,
  { webhooks }: Pick<ApiDependencies, 'webhooks'>,
  url: string,
) =>
  webhooks.allowsLocal || url.startsWith('https://')
    ? undefined
    : problem(c, 'invalid_request', '`url` must be an https:// address.', {
        errors: [{ field: 'url', detail: 'must begin with https://' }],
      })
