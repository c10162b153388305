import type {
  HoldOutcome,
  Reservation,
  ReservationRepository,
  SettleOutcome,
  SettlePolicy,
} from '../../../domain/usage/reservation.ts'
import type { Operations, RowOf } from './port.ts'
import { counterFromRow, refusalFrom } from './usage-rows.ts'
import type { OpenWindows } from './usage-windows.ts'

/** A missing window is open in the second round. */
const ROUNDS_MAX = 3

type HoldRow = RowOf<'hold_usage'>
type SettledRow = RowOf<'settle_reservation'>

/**
 * Reservations of usage.
 *
 * @throws Error if a window is still missing after three rounds.
 */
export function createReservationRepository(
  operations: Operations,
  openWindows: OpenWindows,
  policy: SettlePolicy,
): ReservationRepository {
  return {
    async hold({ userId, feature, key, id, amount, expiresAt }, at) {
      const hold = {
        p_now: at,
        p_user: userId,
        p_feature: feature,
        p_key: key,
        p_id: id,
        p_amount: amount,
        p_expires_at: expiresAt,
      }
      for (let round = 1; round <= ROUNDS_MAX; round++) {
        const row = rowOf(await operations.rows('hold_usage', hold))
        if (row.reason !== 'window_missing') return holdOutcomeFrom(row)
        if (row.subscription_id !== null) await openWindows(row.subscription_id, at, at)
      }
      throw new Error(`the window of ${feature} did not open`)
    },

    async settle({ userId, id, amount }, at) {
      const settlement = {
        p_now: at,
        p_user: userId,
        p_id: id,
        p_amount: amount,
        p_policy: policy,
      }
      const rows = await operations.rows('settle_reservation', settlement)
      return settleOutcomeFrom(rowOf(rows))
    },
  }
}

function rowOf<Wanted>(rows: readonly Wanted[]): Wanted {
  const [row] = rows
  if (row === undefined) throw new Error('the operation returned no reservation')
  return row
}

function holdOutcomeFrom(row: HoldRow): HoldOutcome {
  if (row.reason === 'idempotency_key_reused') return { kind: 'key_reused' }
  const counter = counterFromRow(row)
  if (row.outcome === 'refused')
    return { kind: 'refused', reason: refusalFrom(row.reason), counter }
  if (counter === null) throw new Error(`reservation ${row.id} has no window`)
  return { kind: 'held', reservation: reservationFrom(row), counter }
}

function settleOutcomeFrom(row: SettledRow): SettleOutcome {
  if (row.reason === 'reservation_not_found') return { kind: 'not_found' }
  if (row.reason === 'reservation_expired') return { kind: 'expired' }
  const reservation = reservationFrom(row)
  if (row.reason === 'reservation_closed') return { kind: 'closed', reservation }
  const counter = counterFromRow(row)
  if (counter === null) throw new Error(`reservation ${row.id} has no window`)
  return row.outcome === 'refused'
    ? { kind: 'refused', reason: refusalFrom(row.reason), reservation, counter }
    : { kind: 'ended', reservation, counter, overage: row.overage_amount ?? 0 }
}

function reservationFrom(row: HoldRow): Reservation {
  const { id, amount, state, settled_amount: settledAmount, expires_at: expiresAt } = row
  if (id === null || amount === null || state === null || expiresAt === null)
    throw new Error('a reservation lacks columns')
  return { id, amount, state, settledAmount, expiresAt }
}
