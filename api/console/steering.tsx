import {
  allowedSteers,
  type PlanMigration,
  type SteeredState,
} from '../../domain/migration/plan-migration.ts'
import { newIdempotencyKey } from '../idempotency.ts'
import type { Form } from '../web/form.ts'
import { Csrf } from '../web/parts.tsx'
import { isConfirmed } from './acts.ts'
import { Confirm } from './confirm.tsx'

type Steer = {
  readonly name: string
  /** What cannot be taken back, in words that somebody agrees to. */
  readonly confirm?: string
}

const STEERS: Record<SteeredState, Steer> = {
  paused: { name: 'Pause' },
  running: { name: 'Go on' },
  stopped: { name: 'Stop', confirm: 'Nobody else is moved, for good.' },
  rolled_back: {
    name: 'Roll back',
    confirm: 'Whoever was moved, and decided nothing else since, goes back to their version.',
  },
}

export const lacksConfirmationToSteer = (wanted: SteeredState, form: Form): boolean =>
  STEERS[wanted].confirm !== undefined && !isConfirmed(form)

type Props = { readonly migration: PlanMigration; readonly csrf: string }

/** What a migration may be told in its state. */
export const Steering = ({ migration, csrf }: Props) => (
  <div class="actions">
    {allowedSteers(migration).map((wanted) => {
      const { name, confirm } = STEERS[wanted]
      const isApproval = wanted === 'running' && migration.state === 'awaiting_approval'
      const form = (
        <form method="post" action={`/console/migrations/${migration.id}/${wanted}`} class="fields">
          <Csrf token={csrf} />
          <input type="hidden" name="key" value={newIdempotencyKey()} />
          {confirm !== undefined && <Confirm>{confirm}</Confirm>}
          <div>
            <button class={`small-button ${confirm === undefined ? '' : 'danger'}`}>
              {isApproval ? 'Approve, and move the others' : name}
            </button>
          </div>
        </form>
      )
      return confirm === undefined ? (
        form
      ) : (
        <details>
          <summary>{name}</summary>
          {form}
        </details>
      )
    })}
  </div>
)
