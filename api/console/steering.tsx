import {
  allowedSteers,
  type PlanMigration,
  type SteeredState,
} from '../../domain/migration/plan-migration.ts'
import type { Form } from '../web/form.ts'
import { CallFields } from '../web/parts.tsx'
import { isConfirmed } from './operator-actions.ts'
import { Confirm } from './confirm.tsx'

type Steer = {
  readonly name: string
  /** The confirmation that the operator gives to a step that cannot be undone. */
  readonly confirm?: string
}

const STEERS: Record<SteeredState, Steer> = {
  paused: { name: 'Pause' },
  running: { name: 'Continue' },
  stopped: { name: 'Stop', confirm: 'No further subscription is moved. This cannot be undone.' },
  rolled_back: {
    name: 'Roll back',
    confirm: 'Moved subscriptions return to their old version, unless they were changed since.',
  },
}

/** Whether the form needs a confirmation, and came without it. */
export const lacksConfirmationToSteer = (wanted: SteeredState, form: Form): boolean =>
  STEERS[wanted].confirm !== undefined && !isConfirmed(form)

type Props = { readonly migration: PlanMigration; readonly csrf: string }

/** The buttons that steer a migration in its state. */
export const Steering = ({ migration, csrf }: Props) => (
  <div class="actions">
    {allowedSteers(migration).map((wanted) => {
      const { name, confirm } = STEERS[wanted]
      const isApproval = wanted === 'running' && migration.state === 'awaiting_approval'
      const form = (
        <form method="post" action={`/console/migrations/${migration.id}/${wanted}`} class="fields">
          <CallFields token={csrf} />
          {confirm !== undefined && <Confirm>{confirm}</Confirm>}
          <div>
            <button class={`small-button ${confirm === undefined ? '' : 'danger'}`}>
              {isApproval ? 'Approve and continue' : name}
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
