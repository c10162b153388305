import type { Schedule } from '../store/stored.ts'
import type { Step } from '../store/store.ts'
import { emit } from '../webhooks/emit.ts'

type End = 'aborted' | 'canceled' | 'completed'

/** Ends a schedule together with its subscription. `aborted` means an end because of non-payment. */
export function closeSchedule(step: Step, schedule: Schedule, end: End): Schedule {
  const closed = step.put('schedules', {
    ...schedule,
    ...(end === 'completed' ? { completed_at: step.now } : { canceled_at: step.now }),
    current_phase: null,
    status: end === 'completed' ? 'completed' : 'canceled',
  })
  emit(step, `subscription_schedule.${end}`, closed)
  return closed
}
