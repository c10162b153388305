import { needsOperator } from '../../domain/stripe/event.ts'
import type { ParkedEvents } from '../../domain/stripe/inbox.ts'
import { Card } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { FORMAT } from './layout.tsx'

type Props = { readonly parked: readonly ParkedEvents[] }

/** The reasons of parked events: first those that need a person, then those that are normal. */
export const ParkedReasons = ({ parked }: Props) => (
  <>
    <Card title="Need a person" id="need-a-person">
      <Reasons
        parked={parked.filter(({ reason }) => needsOperator(reason))}
        empty="No event needs a person."
      />
    </Card>
    <Card title="Parked on purpose" id="on-purpose" aside={<p>Nothing to do</p>}>
      <Reasons
        parked={parked.filter(({ reason }) => !needsOperator(reason))}
        empty="No event was parked on purpose."
      />
    </Card>
  </>
)

const Reasons = ({ parked, empty }: Props & { readonly empty: string }) => (
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
          <a href={`/console/inbox?${new URLSearchParams({ state: 'parked', reason }).toString()}`}>
            Show
          </a>
        ),
      },
    ]}
  />
)

const wordsFor = (reason: string): string =>
  reason === '' ? 'No reason' : reason.charAt(0).toUpperCase() + reason.slice(1)
