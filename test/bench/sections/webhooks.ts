import { join } from 'node:path'
import { downloadedModule } from '../../packages/stripe-simulator/published/module.ts'
import { ratio } from '../budgets.ts'
import { openBenchDatabase } from '../database.ts'
import { send } from '../load.ts'
import { startApi, startBareWebhooks, startSyncEngine } from '../processes.ts'
import { inRounds, mediansOf, type Section } from '../section.ts'
import { SETTING } from '../setting.ts'

/** Stripe events verified and stored per second, beside verification alone, and beside Stripe's engine on the same Postgres. */
export const webhooks: Section = {
  name: 'webhooks',
  async measure() {
    const database = await openBenchDatabase({ connectionsMax: 2 })
    try {
      const directory = await downloadedModule()
      const api = await startApi(database.url)
      const bare = await startBareWebhooks()
      const engine =
        directory === undefined
          ? undefined
          : await startSyncEngine(database.url, join(directory, 'embedded/openapi/spec3.json'))
      const rounds = await inRounds('webhooks', SETTING.rounds, async () => {
        const verified = await send({ kind: 'webhook', url: bare.url, target: 'bare' })
        const accepted = await send({ kind: 'webhook', url: api.url, target: 'api' })
        const synced = engine && (await send({ kind: 'webhook', url: engine.url, target: 'bare' }))
        return {
          bare: verified.perSecond,
          accepted: accepted.perSecond,
          acceptedP99Ms: accepted.p99Ms,
          synced: synced?.perSecond ?? NaN,
        }
      })
      await Promise.all([api.stop(), bare.stop(), engine?.stop()])
      const of = mediansOf(rounds)
      return {
        figures: [
          { name: 'webhooks, bare Hono and constructEvent', value: of('bare'), unit: 'events/s' },
          { name: 'webhooks, verified and committed', value: of('accepted'), unit: 'events/s' },
          { name: 'webhooks, p99', value: of('acceptedP99Ms'), unit: 'ms' },
          { name: 'webhooks, @stripe/sync-engine', value: of('synced'), unit: 'events/s' },
          {
            name: 'webhooks, to @stripe/sync-engine',
            value: of('accepted') / of('synced'),
            unit: '×',
          },
        ],
        budgets: [
          ratio(
            'webhook accepted, to bare Hono and constructEvent',
            of('accepted'),
            of('bare'),
            0.8,
          ),
        ],
        rounds,
      }
    } finally {
      await database.stop()
    }
  },
}
