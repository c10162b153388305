import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createHttpServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { BASE_PATH, createApp } from './app.ts'
import { ARRIVAL, boundArrivingBodies } from './arriving-bodies.ts'
import { createAccess } from './auth/access.ts'
import { announceClose } from './drain.ts'
import type { ApiDependencies } from './environment.ts'
import { repeatedHeader } from './repeated-header.ts'
import { stripeWebhookShortCut } from './short-cuts/stripe-webhook.ts'
import { usageShortCut } from './short-cuts/usage.ts'
import { answerTraced, type SetRoute } from './traced-request.ts'
import { dropUnreadBody } from './unread-body.ts'

/** Creates the HTTP server, which does not listen yet. A short cut answers if it can, the app answers everything else. */
export function createServer(dependencies: ApiDependencies): Server {
  const access = createAccess(dependencies)
  const app = createApp(dependencies, access)
  const failures = new WeakMap<object, unknown>()
  const { telemetry } = dependencies
  const routes = new WeakMap<object, SetRoute>()
  const answerByApp = getRequestListener(async (request, { incoming, outgoing }) => {
    const response = await app.fetch(request, {
      failure: failures.get(incoming),
      setRoute: routes.get(incoming),
      repeatedHeader: repeatedHeader(incoming),
    })
    if (!(await dropUnreadBody(incoming))) announceClose(outgoing)
    return response
  })
  const usage = usageShortCut({ dependencies, basePath: BASE_PATH, ...access })
  const stripeWebhook = stripeWebhookShortCut(dependencies, BASE_PATH)

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const outcome = await (usage(incoming, outgoing) ?? stripeWebhook(incoming, outgoing))
    // Recorded for every request that a short cut began, even if the client disconnected.
    if (outcome !== undefined) routes.get(incoming)?.(incoming.url ?? '')
    if (outcome?.kind === 'answered') return
    if (outcome?.kind === 'failed') failures.set(incoming, outcome.cause)
    // `@hono/node-server` reads this property if the body was consumed already.
    if (outcome !== undefined) Object.assign(incoming, { rawBody: outcome.body })
    await answerByApp(incoming, outgoing)
  }
  function traced(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (telemetry === undefined) return answer(incoming, outgoing)
    return answerTraced(telemetry, { incoming, outgoing }, (setRoute) => {
      routes.set(incoming, setRoute)
      return answer(incoming, outgoing)
    })
  }
  // Node joins the values of a duplicate header, so the short cuts see the same value as the app.
  const options = { joinDuplicateHeaders: true, ...ARRIVAL }
  const server = createHttpServer(options, (incoming, outgoing) => {
    traced(incoming, outgoing).catch((error: unknown) => {
      dependencies.logger.error({ err: error }, 'a request was not answered')
      outgoing.destroy()
    })
  })
  boundArrivingBodies(server)
  return server
}
