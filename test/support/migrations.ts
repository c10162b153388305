import { randomUUID } from 'node:crypto'
import { viewOfPeriod, type Period } from '../../domain/catalogue/period.ts'
import { until } from './until.ts'
import type { Reply } from './call.ts'
import type { World } from './world.ts'

const OPERATOR = { authorization: 'Bearer bk_dev_operator' }

/** An operator's call; the path is relative to `/admin`. */
export const askOperator = (
  world: World,
  method: string,
  path: string,
  body?: unknown,
  key?: string,
): Promise<Reply> =>
  world.call(method, `/admin${path}`, { headers: OPERATOR, body, ...(key && { key }) })

export type Versions = {
  readonly slug: string
  readonly publish: (given: Terms) => Promise<number>
}
type Terms = {
  readonly period?: Period
  readonly priceMinor?: number
  readonly quota?: number
  readonly currency?: string
  readonly onSale?: boolean
}

/** A plan for one test, with any number of published versions. */
export async function aPlanOfVersions(world: World, rank = 7): Promise<Versions> {
  const slug = `plan_${randomUUID().replaceAll('-', '_')}`
  await askOperator(world, 'PUT', `/plans/${slug}`, { name: 'Own', rank })
  return {
    slug,
    publish: async ({
      priceMinor = 0,
      quota = 100,
      currency = 'usd',
      onSale = true,
      period = 'monthly',
    }) => {
      const { body } = await askOperator(world, 'POST', `/plans/${slug}/versions`, {
        period: viewOfPeriod(period),
        price: { amount_minor: priceMinor, currency },
        features: [{ code: 'messages_sent', quota_limit: quota }],
      })
      const path = `/plans/${slug}/versions/${body.version}/publication`
      const published = await askOperator(world, 'PUT', path, { on_sale: onSale })
      if (published.status !== 200) throw new Error(JSON.stringify(published.body))
      return body.version
    },
  }
}

export type Migration = {
  readonly id: string
  readonly read: () => Promise<Reply['body']>
  readonly items: (state?: string) => Promise<Reply['body'][]>
  /** Resolves with the migration when it reaches this state. */
  readonly reaches: (...states: string[]) => Promise<Reply['body']>
  readonly steer: (state: string, key?: string) => Promise<Reply>
}

/** Starts a migration and returns functions to control it. */
export async function migrate(world: World, request: object): Promise<Migration> {
  const { status, body } = await askOperator(world, 'POST', '/plan-migrations', {
    reason: 'test',
    ...request,
  })
  if (status !== 201) throw new Error(JSON.stringify(body))
  const path = `/plan-migrations/${body.id}`
  const read = async () => (await askOperator(world, 'GET', path)).body
  return {
    id: body.id,
    read,
    items: async (state) =>
      (await askOperator(world, 'GET', `${path}/items${state ? `?state=${state}` : ''}`)).body
        .items,
    reaches: async (...states) => {
      await until(
        `migration ${body.id} is ${states.join(' or ')}`,
        async () => states.includes((await read()).state),
        120_000,
      )
      return read()
    },
    steer: (state, key) => askOperator(world, 'PUT', `${path}/state`, { state }, key),
  }
}
