import { sql, type Kysely } from 'kysely'
import type {
  CatalogueAtStripe,
  CataloguePush,
  StripeCatalogueRepository,
} from '../../domain/stripe-catalogue.ts'
import type { Database } from './schema.ts'

/** 1, 2, 4 … up to ten minutes: what Stripe rejects waits for a person. */
const AGAIN_MAX_SECONDS = 600

/** At ten minutes each, a week. */
const ATTEMPTS_OF_A_PUSH = 1_000

type DueRow = {
  plan_version_id: string
  kind: CataloguePush['kind']
  name: string
  price_active: boolean
  product_active: boolean
  pushes: number
  attempts: number
}

export function createStripeCatalogueRepository(db: Kysely<Database>): StripeCatalogueRepository {
  const list = async (of?: { slug: string; version: number }): Promise<CatalogueAtStripe[]> => {
    const { rows } = await sql<CatalogueAtStripe>`
      select p.slug, v.version, v.stripe_price_id as "priceId", c.pushed_at as "pushedAt", c.compared_at as "comparedAt",
        c.drift, c.last_error as "lastError"
      from plan_versions v join plans p on p.id = v.plan_id left join stripe_catalogue c on c.plan_version_id = v.id
      where v.published_at is not null and v.price_minor > 0
        and (${of === undefined} or (p.slug = ${of?.slug ?? ''} and v.version = ${of?.version ?? 0}))
      order by p.rank, p.slug, v.version`.execute(db)
    return rows
  }

  return {
    list: () => list(),

    async claimDue(at, limit) {
      await sql`
        insert into stripe_catalogue (plan_version_id, due_at)
        select id, ${at} from plan_versions v
        where published_at is not null and price_minor > 0
          and not exists (select from stripe_catalogue c where c.plan_version_id = v.id)
        on conflict do nothing`.execute(db)
      const { rows } = await sql<DueRow>`
        with due as (
          select c.plan_version_id, p.name, v.retired_at is null as price_active,
            exists (select from plan_versions o
              where o.plan_id = p.id and o.published_at is not null and o.retired_at is null) as product_active,
            case when c.pushed_at is null or c.pushed_name <> p.name or c.pushed_active <> (v.retired_at is null)
              then 'push' else 'compare' end as kind
          from stripe_catalogue c join plan_versions v on v.id = c.plan_version_id join plans p on p.id = v.plan_id
          where c.due_at <= ${at} and (
            c.pushed_at is null or c.pushed_name <> p.name or c.pushed_active <> (v.retired_at is null)
            or c.compared_at <= ${at}::timestamptz - interval '1 day')
          order by c.due_at limit ${limit} for update of c skip locked
        )
        update stripe_catalogue c set attempts = c.attempts + 1, due_at = ${at}::timestamptz
          + least(${AGAIN_MAX_SECONDS}, 2 ^ least(c.attempts, 10)) * interval '1 second'
        from due d where c.plan_version_id = d.plan_version_id
        returning d.*, c.pushes, c.attempts`.execute(db)
      return rows.map((row) => ({
        planVersionId: row.plan_version_id,
        kind: row.kind,
        name: row.name,
        priceActive: row.price_active,
        productActive: row.product_active,
        generation:
          row.pushes * ATTEMPTS_OF_A_PUSH + Math.min(row.attempts, ATTEMPTS_OF_A_PUSH - 1),
      }))
    },

    async done({ planVersionId, kind, name, priceActive }, { drift, at }) {
      await sql`
        update stripe_catalogue set compared_at = ${at}, drift = ${drift}, attempts = 0, last_error = null, due_at = ${at},
          pushed_name = case when ${kind} = 'push' then ${name} else pushed_name end,
          pushed_active = case when ${kind} = 'push' then ${priceActive}::boolean else pushed_active end,
          pushed_at = case when ${kind} = 'push' then ${at}::timestamptz else pushed_at end,
          pushes = case when ${kind} = 'push' then pushes + 1 else pushes end
        where plan_version_id = ${planVersionId}`.execute(db)
    },

    async failed(planVersionId, error) {
      await sql`update stripe_catalogue set last_error = ${error}
        where plan_version_id = ${planVersionId}`.execute(db)
    },

    async pushAgain(of, at) {
      await sql`
        update stripe_catalogue c set pushed_at = null, due_at = ${at}, attempts = 0
        from plan_versions v join plans p on p.id = v.plan_id
        where v.id = c.plan_version_id and p.slug = ${of.slug} and v.version = ${of.version}`.execute(
        db,
      )
      return (await list(of))[0]
    },
  }
}
