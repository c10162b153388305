import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createHttpServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { BASE_PATH, createApp } from './app.ts'
import { createAccess } from './auth/access.ts'
import type { ApiDependencies } from './environment.ts'
import { answerTraced, type Routed } from './traced-requests.ts'
import { usageShortCut } from './short-cuts/usage.ts'
import { stripeWebhookShortCut } from './short-cuts/stripe-webhook.ts'

/** The HTTP service, which does not listen yet: plain calls in lanes of their own, all others through the app. */
export function createServer(dependencies: ApiDependencies): Server {
  const access = createAccess(dependencies)
  const app = createApp(dependencies, access)
  const failures = new WeakMap<object, unknown>()
  const { telemetry } = dependencies
  const routes = new WeakMap<object, Routed>()
  const chain = getRequestListener((request, { incoming }) =>
    app.fetch(request, { failure: failures.get(incoming), routed: routes.get(incoming) }),
  )
  const counting = usageShortCut({ dependencies, basePath: BASE_PATH, ...access })
  const stripe = stripeWebhookShortCut(dependencies, BASE_PATH)

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const taken = await (counting(incoming, outgoing) ?? stripe(incoming, outgoing))
    // Who left before a lane was done with them has no other.
    if (taken !== undefined) routes.get(incoming)?.(incoming.url ?? '')
    if (taken?.kind === 'done') return
    if (taken?.kind === 'failed') failures.set(incoming, taken.cause)
    // Where `@hono/node-server` looks for a body that was read already.
    if (taken !== undefined) Object.assign(incoming, { rawBody: taken.body })
    await chain(incoming, outgoing)
  }
  function traced(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (telemetry === undefined) return answer(incoming, outgoing)
    return answerTraced(telemetry, { incoming, outgoing }, (routed) => {
      routes.set(incoming, routed)
      return answer(incoming, outgoing)
    })
  }
  // Of a header that is sent twice both values count, in the lane as in the chain.
  return createHttpServer({ joinDuplicateHeaders: true }, (incoming, outgoing) => {
    traced(incoming, outgoing).catch((error: unknown) => {
      dependencies.logger.error({ err: error }, 'a request was not answered')
      outgoing.destroy()
    })
  })
}
