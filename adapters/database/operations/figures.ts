import {
  CHURN_DAYS,
  HISTORY_DAYS,
  HOT_SPOTS_MAX,
  TRIALS_ENDING_DAYS,
  type FigureRepository,
  type SubscriptionLine,
} from '../../../domain/operator/figures.ts'
import type { Operations, RowOf } from './port.ts'

const DAY_MS = 86_400_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The console’s figures, each computed by one SQL statement when it is asked for. */
export function createFigureRepository(operations: Operations): FigureRepository {
  return {
    async overview(at) {
      const from = (days: number) => new Date(at.getTime() + days * DAY_MS)
      const startOfDay = from(1 - HISTORY_DAYS)
      startOfDay.setUTCHours(0, 0, 0, 0)
      const found = await operations.value('billing_overview', {
        p_now: at,
        p_trial_until: from(TRIALS_ENDING_DAYS),
        p_churn_since: from(-CHURN_DAYS),
        p_days_since: startOfDay,
        p_hot_spots: HOT_SPOTS_MAX,
      })
      const hotSpots = found.hotSpots.map((spot) => ({
        ...spot,
        windowEnd: new Date(spot.windowEnd),
      }))
      return { ...found, hotSpots }
    },

    async movements(since, until) {
      const rows = await operations.rows('mrr_movements', { p_since: since, p_until: until })
      return rows.map((row) => ({
        month: row.month,
        currency: row.currency,
        newMinor: row.new_minor,
        expansionMinor: row.expansion_minor,
        contractionMinor: row.contraction_minor,
        endedMinor: row.ended_minor,
      }))
    },

    async search({ text, status, plan }, { limit, after }) {
      const rows = await operations.rows('search_subscriptions', {
        p_text: text ?? null,
        p_id: text !== undefined && UUID.test(text) ? text : null,
        // Wildcards of `like` are escaped: they stand for themselves.
        p_prefix: text === undefined ? null : `${text.replaceAll(/[\\%_]/g, '\\$&')}%`,
        p_status: status ?? null,
        p_plan: plan ?? null,
        p_after: after ?? null,
        p_limit: limit,
      })
      return rows.map(lineFromRow)
    },
  }
}

const lineFromRow = (row: RowOf<'search_subscriptions'>): SubscriptionLine => ({
  id: row.id,
  userId: row.user_id,
  status: row.status,
  plan: { slug: row.plan_slug, name: row.plan_name, period: row.plan_period },
  currency: row.currency,
  quantity: row.quantity,
  mrrMinor: row.mrr_minor,
  trialEnd: row.trial_end,
  periodEnd: row.period_end,
  cancelAt: row.cancel_at,
  endedAt: row.ended_at,
  drift: row.drift,
  createdAt: row.created_at,
})
