import { needsOperator } from '../../domain/stripe/event.ts'
import type { ParkedEvents } from '../../domain/stripe/inbox.ts'
import { Card, Csrf } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { FORMAT } from './layout.tsx'

type Props = { readonly parked: readonly ParkedEvents[]; readonly csrf: string }

/** The reasons of parked events: first those that need a person, then those that are normal. */
export const ParkedReasons = ({ parked, csrf }: Props) => (
  <>
    <Card title="Need a person" id="need-a-person">
      <Reasons
        parked={parked.filter(({ reason }) => needsOperator(reason))}
        empty="No event needs a person."
        csrf={csrf}
        isUrgent
      />
    </Card>
    <Card title="Parked on purpose" id="on-purpose" aside={<p>Nothing to do</p>}>
      <Reasons
        parked={parked.filter(({ reason }) => !needsOperator(reason))}
        empty="No event was parked on purpose."
        csrf={csrf}
      />
    </Card>
  </>
)

type ReasonsProps = Props & { readonly empty: string; readonly isUrgent?: boolean }

const Reasons = ({ parked, csrf, empty, isUrgent = false }: ReasonsProps) => (
  <Table
    rows={parked}
    empty={empty}
    columns={[
      { name: 'Reason', cell: ({ reason }) => wordsFor(reason) },
      { name: 'Events', kind: 'number', cell: ({ count }) => FORMAT.number(count) },
      {
        name: 'Newest',
        class: 'muted nowrap',
        cell: ({ newestReceivedAt }) => FORMAT.dateTime(newestReceivedAt),
      },
      {
        name: 'Show',
        kind: 'action',
        cell: ({ reason }) => (
          <div class="buttons">
            <a
              href={`/console/inbox?${new URLSearchParams({ state: 'parked', reason }).toString()}`}
            >
              Show
            </a>
            {isUrgent && <RedriveAll reason={reason} csrf={csrf} />}
          </div>
        ),
      },
    ]}
  />
)

type AllProps = { readonly reason: string; readonly csrf: string }

/** Reprocesses all events that were parked for one reason. */
export const RedriveAll = ({ reason, csrf }: AllProps) => (
  <form method="post" action="/console/inbox/redrive">
    <Csrf token={csrf} />
    <input type="hidden" name="reason" value={reason} />
    <button
      class="small-button"
      aria-label={`Reprocess all events parked for this reason: ${reason}`}
    >
      Reprocess all
    </button>
  </form>
)

const wordsFor = (reason: string): string =>
  reason === '' ? 'No reason' : reason.charAt(0).toUpperCase() + reason.slice(1)
