import { sql, type Kysely, type Selectable, type Transaction } from 'kysely'
import type {
  ExtraRefusal,
  Grant,
  OperatorAction,
  Override,
  UsageExtrasRepository,
} from '../../domain/usage-extras.ts'
import type { Database } from './schema.ts'
import type { UsageGrantsTable, UsageOverridesTable } from './usage-tables.ts'

type Tx = Transaction<Database>
type Named = { readonly code: string }

export function createUsageExtrasRepository(db: Kysely<Database>): UsageExtrasRepository {
  const grants = (of: Kysely<Database> = db) =>
    of
      .selectFrom('usage_grants as g')
      .innerJoin('features as f', 'f.id', 'g.feature_id')
      .selectAll('g')
      .select('f.code')
  const overrides = (of: Kysely<Database> = db) =>
    of
      .selectFrom('usage_overrides as o')
      .innerJoin('features as f', 'f.id', 'o.feature_id')
      .selectAll('o')
      .select('f.code')
  const getGrant = async (transaction: Tx, id: string) =>
    grantFromRow(await grants(transaction).where('g.id', '=', id).executeTakeFirstOrThrow())

  return {
    grant: (given, { at, keyId }) =>
      db.transaction().execute(async (transaction) => {
        const found = await prepare(transaction, given.userId, given.feature, at)
        if (found.kind === 'refused') return found
        const inserted = await transaction
          .insertInto('usage_grants')
          .values({
            id: given.id,
            user_id: given.userId,
            feature_id: found.featureId,
            amount: given.amount,
            expires_at: given.expiresAt,
            reason: given.reason,
            created_at: at,
            revoked_at: null,
          })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returning('id')
          .executeTakeFirst()
        const grant = await getGrant(transaction, given.id)
        if (inserted !== undefined)
          await record(transaction, { at, keyId, action: 'grant', before: null, after: grant })
        return { kind: 'granted', grant }
      }),

    async listGrants({ userId, feature }, limit) {
      const rows = await grants()
        .$if(userId !== undefined, (query) => query.where('g.user_id', '=', userId ?? ''))
        .$if(feature !== undefined, (query) => query.where('f.code', '=', feature ?? ''))
        .orderBy('g.created_at', 'desc')
        .orderBy('g.id')
        .limit(limit)
        .execute()
      return rows.map(grantFromRow)
    },

    revokeGrant: (id, { at, keyId }) =>
      db.transaction().execute(async (transaction) => {
        const before = await grants(transaction)
          .where('g.id', '=', id)
          .forUpdate('g')
          .executeTakeFirst()
        if (before === undefined) return undefined
        if (before.revoked_at !== null) return grantFromRow(before)
        await transaction
          .updateTable('usage_grants')
          .set({ revoked_at: at })
          .where('id', '=', id)
          .execute()
        const after = await getGrant(transaction, id)
        const action = 'revoke_grant'
        await record(transaction, { at, keyId, action, before: grantFromRow(before), after })
        return after
      }),

    setOverride: (given, { at, keyId }) =>
      db.transaction().execute(async (transaction) => {
        const found = await prepare(transaction, given.userId, given.feature, at)
        if (found.kind === 'refused') return found
        const of = overrides(transaction)
          .where('o.user_id', '=', given.userId)
          .where('o.feature_id', '=', found.featureId)
        const before = await of.executeTakeFirst()
        const values = {
          quota_limit: given.quotaLimit,
          expires_at: given.expiresAt,
          reason: given.reason,
          created_at: at,
        }
        await transaction
          .insertInto('usage_overrides')
          .values({ user_id: given.userId, feature_id: found.featureId, ...values })
          .onConflict((conflict) => conflict.columns(['user_id', 'feature_id']).doUpdateSet(values))
          .execute()
        const override = overrideFromRow(await of.executeTakeFirstOrThrow())
        await record(transaction, {
          at,
          keyId,
          action: 'set_override',
          before: before === undefined ? null : overrideFromRow(before),
          after: override,
        })
        return { kind: 'set', override }
      }),

    async listOverrides(userId) {
      const rows = await overrides().where('o.user_id', '=', userId).orderBy('f.code').execute()
      return rows.map(overrideFromRow)
    },

    removeOverride: (userId, feature, { at, keyId }) =>
      db.transaction().execute(async (transaction) => {
        const found = await prepare(transaction, userId, feature, at)
        if (found.kind === 'refused') return undefined
        const row = await overrides(transaction)
          .where('o.user_id', '=', userId)
          .where('o.feature_id', '=', found.featureId)
          .executeTakeFirst()
        if (row === undefined) return undefined
        await transaction
          .deleteFrom('usage_overrides')
          .where('user_id', '=', userId)
          .where('feature_id', '=', found.featureId)
          .execute()
        const before = overrideFromRow(row)
        await record(transaction, { at, keyId, action: 'remove_override', before, after: null })
        return before
      }),

    async listActions(userId, limit) {
      const rows = await db
        .selectFrom('operator_actions')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(({ key_id: keyId, user_id, ...row }) => ({ ...row, keyId, userId: user_id }))
    },
  }
}

/**
 * Finds user and feature, and marks the windows that are open: from now on more than their own row counts. The
 * subscriptions are held until the end of the transaction, so that no window opens in between and misses the mark; with
 * no stronger a lock, because a hold refers to its subscription after it locked its window.
 */
async function prepare(
  transaction: Tx,
  userId: string,
  feature: string,
  at: Date,
): Promise<
  | { readonly kind: 'found'; readonly featureId: string }
  | { readonly kind: 'refused'; readonly because: ExtraRefusal }
> {
  const user = await transaction
    .selectFrom('customers')
    .select('user_id')
    .where('user_id', '=', userId)
    .executeTakeFirst()
  if (user === undefined) return refused('user_not_found')
  const found = await transaction
    .selectFrom('features')
    .select(['id', 'type'])
    .where('code', '=', feature)
    .executeTakeFirst()
  if (found === undefined) return refused('feature_not_found')
  if (found.type === 'boolean') return refused('feature_not_countable')
  await sql`select from subscriptions where user_id = ${userId} order by id for no key update`.execute(
    transaction,
  )
  await sql`
    update feature_usage u set has_extras = true, alert_at = 0
    from (
      select w.subscription_id, w.window_start from feature_usage w
      join subscriptions s on s.id = w.subscription_id
      where s.user_id = ${userId} and w.feature_id = ${found.id} and w.window_end > ${at}
      order by w.subscription_id, w.window_start for update of w
    ) w
    where u.subscription_id = w.subscription_id and u.feature_id = ${found.id}
      and u.window_start = w.window_start`.execute(transaction)
  return { kind: 'found', featureId: found.id }
}

const refused = (because: ExtraRefusal) => ({ kind: 'refused' as const, because })

type Recorded = Pick<OperatorAction, 'at' | 'keyId' | 'action'> & {
  readonly before: Grant | Override | null
  readonly after: Grant | Override | null
}

async function record(transaction: Tx, { at, keyId, action, before, after }: Recorded) {
  const userId = (after ?? before)?.userId
  if (userId === undefined) throw new Error(`${action} changed nothing`)
  await transaction
    .insertInto('operator_actions')
    .values({
      at,
      key_id: keyId,
      action,
      user_id: userId,
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
    })
    .execute()
}

const grantFromRow = (row: Selectable<UsageGrantsTable> & Named): Grant => ({
  id: row.id,
  userId: row.user_id,
  feature: row.code,
  amount: row.amount,
  usedAmount: row.used_amount,
  expiresAt: row.expires_at,
  reason: row.reason,
  createdAt: row.created_at,
  revokedAt: row.revoked_at,
})

const overrideFromRow = (row: Selectable<UsageOverridesTable> & Named): Override => ({
  userId: row.user_id,
  feature: row.code,
  quotaLimit: row.quota_limit,
  expiresAt: row.expires_at,
  reason: row.reason,
  createdAt: row.created_at,
})
