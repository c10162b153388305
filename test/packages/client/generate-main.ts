import { writeFile } from 'node:fs/promises'
import { systemClock } from '../../../adapters/time/clock.ts'
import { createContainer } from '../../../assembly/container.ts'
import { createApp } from '../../../api/app.ts'
import { createAccess } from '../../../api/auth/access.ts'
import { GENERATED, generate } from './generation.ts'

/** `npm run generate-client`: generates the client's types from the present sources' OpenAPI document. Connects to no server. */
const nowhere = '127.0.0.1:1'
const container = createContainer({
  name: 'document',
  environment: 'test',
  logLevel: 'error',
  database: {
    kind: 'postgres',
    url: `postgres://${nowhere}/none`,
    connectionsMax: 1,
    pooler: 'none',
  },
  temporal: { address: nowhere, namespace: 'default', taskQueue: 'billing' },
  stripe: { apiKey: 'sk_test_document' },
  mail: { smtpUrl: `smtp://${nowhere}`, from: 'Perennial <billing@localhost>' },
})
const dependencies = {
  ...container,
  decryptPayloads: container.temporal.decrypt,
  clock: systemClock,
  publicUrl: `http://${nowhere}`,
  access: {
    userTokens: {},
    rateLimits: { keyPerMinute: 1, userPerMinute: 1 },
    corsOrigins: [],
    downgradesNow: 'operators' as const,
    developmentKeys: false,
  },
  stripeWebhookSecrets: [],
  inboxChanged: () => undefined,
  pages: undefined,
  readiness: {},
}
const app = createApp(dependencies, createAccess(dependencies))
const answer = await app.request('/openapi.json', {}, {})
const { types, operations } = await generate(await answer.text())
await writeFile(GENERATED.types, types)
await writeFile(GENERATED.operations, operations)
await container.close()
