import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { WebhookEndpoint } from '../../../domain/webhook/repository.ts'
import { operatorOf } from '../../auth/operator.ts'
import type { ApiDependencies, ApiEnvironment } from '../../environment.ts'
import { validationHook } from '../../validation.ts'
import { missingEndpoint, urlProblem } from './endpoint-problems.ts'
import {
  changeEndpointRoute,
  deleteEndpointRoute,
  getEndpointRoute,
  listEndpointsRoute,
  stateRoute,
} from './endpoint-routes.ts'
import { viewOfEndpoint } from './endpoint-view.ts'

const answer = (c: Context<ApiEnvironment>, found: WebhookEndpoint | undefined, at: Date) =>
  found === undefined ? missingEndpoint(c) : c.json(viewOfEndpoint(found, at), 200)

/** Webhook endpoints: the calls that return no secret. */
export const webhookEndpoints = (dependencies: ApiDependencies) => {
  const { repositories, clock } = dependencies
  const { endpoints } = repositories.webhooks
  return new OpenAPIHono<ApiEnvironment>({ defaultHook: validationHook })
    .openapi(listEndpointsRoute, async (c) => {
      const found = await endpoints.list()
      const at = clock.now()
      return c.json({ webhook_endpoints: found.map((each) => viewOfEndpoint(each, at)) }, 200)
    })
    .openapi(getEndpointRoute, async (c) => {
      return answer(c, await endpoints.find(c.req.valid('param').id), clock.now())
    })
    .openapi(changeEndpointRoute, async (c) => {
      const operator = operatorOf(c)
      const { url, description, event_types: eventTypes } = c.req.valid('json')
      const wrong = urlProblem(c, dependencies, url)
      if (wrong) return wrong
      const act = { at: clock.now(), keyId: operator.keyId }
      const settings = { url, description, eventTypes }
      return answer(c, await endpoints.change(c.req.valid('param').id, settings, act), act.at)
    })
    .openapi(deleteEndpointRoute, async (c) => {
      const operator = operatorOf(c)
      const act = { at: clock.now(), keyId: operator.keyId }
      return answer(c, await endpoints.remove(c.req.valid('param').id, act), act.at)
    })
    .openapi(stateRoute, async (c) => {
      const operator = operatorOf(c)
      const { id } = c.req.valid('param')
      const wanted = c.req.valid('json')
      const act = { at: clock.now(), keyId: operator.keyId }
      return wanted.state === 'enabled'
        ? answer(c, await endpoints.enable(id, act), act.at)
        : answer(c, await endpoints.disable(id, wanted.reason, act), act.at)
    })
}
