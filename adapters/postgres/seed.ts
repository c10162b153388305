import pg from 'pg'
import { hashOfKey, prefixOfKey } from '../api-key-secret.ts'
import { derivedUuid } from '../derived-uuid.ts'
import { SEED_FEATURES, SEED_PLANS, type SeedPlan } from './seed-catalogue.ts'

/** Accepted by the embedded stack alone: nothing else ever writes them. */
export const DEVELOPMENT_KEYS = [
  { key: 'bk_dev_app', name: 'development application', scopes: ['app'] },
  { key: 'bk_dev_operator', name: 'development operator', scopes: ['app', 'operator'] },
] as const

export type SeedOptions = {
  readonly databaseUrl: string
  readonly now: Date
  readonly developmentKeys: boolean
}

/** Puts the first plans on sale. Ids are derived from names, so running it twice changes nothing. */
export async function seed({ databaseUrl, now, developmentKeys }: SeedOptions): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'perennial-seed',
  })
  await client.connect()
  try {
    await client.query('begin')
    for (const feature of SEED_FEATURES)
      await client.query(
        'insert into features (id, code, name, type, unit) values ($1, $2, $3, $4, $5) on conflict do nothing',
        [
          derivedUuid(`feature/${feature.code}`),
          feature.code,
          feature.name,
          feature.type,
          feature.unit,
        ],
      )
    for (const plan of SEED_PLANS) await seedPlan(client, plan, now)
    if (developmentKeys) await seedDevelopmentKeys(client, now)
    await client.query('commit')
  } finally {
    await client.end()
  }
}

async function seedPlan(client: pg.Client, plan: SeedPlan, now: Date) {
  const planId = derivedUuid(`plan/${plan.slug}`)
  const versionId = derivedUuid(`plan/${plan.slug}/1`)
  await client.query(
    'insert into plans (id, slug, name, rank, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [planId, plan.slug, plan.name, plan.rank, now],
  )
  const { rowCount } = await client.query(
    `insert into plan_versions (id, plan_id, version, period, price_minor, currency, trial_days, created_at)
     values ($1, $2, 1, $3, $4, 'usd', $5, $6) on conflict do nothing`,
    [versionId, planId, plan.period, plan.priceMinor, plan.trialDays, now],
  )
  if (rowCount === 0) return
  for (const [code, quotaLimit, reset] of plan.features)
    await client.query(
      'insert into plan_features (plan_version_id, feature_id, quota_limit, reset) values ($1, $2, $3, $4)',
      [versionId, derivedUuid(`feature/${code}`), quotaLimit, reset],
    )
  await client.query('update plan_versions set published_at = $2, active = true where id = $1', [
    versionId,
    now,
  ])
}

async function seedDevelopmentKeys(client: pg.Client, now: Date) {
  for (const { key, name, scopes } of DEVELOPMENT_KEYS)
    await client.query(
      `insert into api_keys (id, name, prefix, hash, scopes, created_at) values ($1, $2, $3, $4, $5, $6)
       on conflict do nothing`,
      [derivedUuid(`api-key/${key}`), name, prefixOfKey(key), hashOfKey(key), scopes, now],
    )
}
