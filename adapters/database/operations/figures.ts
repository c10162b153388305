import {
  CHURN_DAYS,
  HISTORY_DAYS,
  HOT_SPOTS_MAX,
  TRIALS_ENDING_DAYS,
  type FigureRepository,
  type HotSpot,
  type Overview,
  type SubscriptionLine,
} from '../../../domain/operator/figures.ts'
import type { Period } from '../../../domain/catalogue/plan.ts'
import type { Status } from '../../../domain/subscription/subscription.ts'
import type { Operations } from './port.ts'

const DAY_MS = 86_400_000
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

type Line = {
  id: string
  user_id: string
  status: Status
  plan_slug: string
  plan_name: string
  plan_period: Period
  price_minor: number
  currency: string
  quantity: number
  mrr_minor: number
  trial_end: Date | null
  period_end: Date | null
  cancel_at: Date | null
  ended_at: Date | null
  drift: string | null
  created_at: Date
}

/** The overview as JSON keeps it. */
type StoredOverview = Omit<Overview, 'hotSpots'> & {
  readonly hotSpots: readonly (Omit<HotSpot, 'windowEnd'> & { readonly windowEnd: string })[]
}

export function createFigureRepository(operations: Operations): FigureRepository {
  return {
    async overview(at) {
      const from = (days: number) => new Date(at.getTime() + days * DAY_MS)
      const startOfDay = from(1 - HISTORY_DAYS)
      startOfDay.setUTCHours(0, 0, 0, 0)
      const found = await operations.value<StoredOverview>('billing_overview', {
        p_now: at,
        p_trial_until: from(TRIALS_ENDING_DAYS),
        p_churn_since: from(-CHURN_DAYS),
        p_days_since: startOfDay,
        p_hot_spots: HOT_SPOTS_MAX,
      })
      if (found === null) throw new Error('billing_overview returned nothing')
      const hotSpots = found.hotSpots.map((spot) => ({
        ...spot,
        windowEnd: new Date(spot.windowEnd),
      }))
      return { ...found, hotSpots }
    },

    async search({ text, status, plan }, { limit, after }) {
      const rows = await operations.rows<Line>('search_subscriptions', {
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

const lineFromRow = (row: Line): SubscriptionLine => ({
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
