import { closeParentChannel, onStop, startProcess } from '../assembly/start-process.ts'
import { refuseDevelopmentKeys } from './auth/development-keys.ts'
import { readApiConfig } from './config.ts'
import { drainable } from './drain.ts'
import { createServer } from './server.ts'
import { createInboxPumps } from '../sync/inbox/pump.ts'

/** How long requests may take to finish after a stop signal. No request takes longer. */
const DRAIN_MAX_MS = 15_000

const { config, clock, container } = await startProcess(process, process.env, readApiConfig)
const { logger, repositories, temporal } = container
const pump = createInboxPumps(container, clock.now)
repositories.usage.whenAlerted(pump.alerted)
if (!config.access.developmentKeys) await refuseDevelopmentKeys(repositories.apiKeys, clock.now())

const server = createServer({
  ...container,
  decryptPayloads: temporal.decrypt,
  clock,
  publicUrl: config.publicUrl,
  access: config.access,
  pages: config.pages,
  stripeWebhookSecrets: config.stripeWebhookSecrets,
  inboxChanged: pump.changed,
  readiness: { postgres: repositories.ping, temporal: temporal.ping },
})
const { drain } = drainable(server)

server.listen(config.port, config.host, () => {
  // With PORT=0 the operating system has chosen the port.
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : config.port
  logger.info({ host: config.host, port }, 'ready')
})
// The API starts without Temporal, so that it can receive webhooks. The log says why subscriptions cannot be changed.
temporal.ping().catch((error: unknown) => {
  logger.error({ err: error }, 'Temporal does not answer')
})

let stopping = false
async function stop(reason: string) {
  if (stopping) return
  stopping = true
  logger.info({ reason }, 'stopping')
  const forced = setTimeout(() => process.exit(1), DRAIN_MAX_MS)
  await drain()
  await pump.idle()
  await container.close()
  clearTimeout(forced)
  closeParentChannel(process)
}
onStop(process, (reason) => {
  stop(reason).catch((error: unknown) => {
    logger.error({ err: error }, 'stopping failed')
    process.exit(1)
  })
})
