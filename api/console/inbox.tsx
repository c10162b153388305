import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { text } from '../../adapters/text.ts'
import { needsOperator } from '../../domain/stripe/event.ts'
import { EVENT_STATES, type EventState, type InboxEvent } from '../../domain/stripe/inbox.ts'
import { readForm, type Form } from '../web/form.ts'
import { titleOf } from '../web/format.ts'
import type { PageSetting } from '../web/setting.ts'
import { Badge, Csrf, type Tone } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { REASONS_MAX } from './health.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import { ParkedReasons, RedriveAll } from './parked.tsx'
import { pageOf, Queue, type Outcome } from './queue.tsx'
import type { ConsoleEnvironment } from './session.ts'

const PATH = '/console/inbox'
const PAGE_MAX = 50
const TONE_OF = {
  received: 'info',
  forwarded: 'info',
  done: 'ok',
  parked: 'warn',
} as const satisfies Record<EventState, Tone>

const querySchema = z.object({
  state: z.enum(EVENT_STATES).catch('parked'),
  after: text(255).optional().catch(undefined),
  reason: text(255).optional().catch(undefined),
})

/** The events that Stripe sent. Parked events were stored but not processed; operators can reprocess them here. */
export const inboxPage = (setting: PageSetting) => {
  const { repositories, assets, ask } = setting

  async function show(c: Context<ConsoleEnvironment>, outcome: Outcome) {
    const { state, after, reason } = querySchema.parse(c.req.query())
    const { stripeInbox } = repositories
    const [found, parked] = await Promise.all([
      stripeInbox.list({ state, reason }, { limit: PAGE_MAX + 1, after }),
      state === 'parked' && reason === undefined ? stripeInbox.parkedByReason(REASONS_MAX) : [],
    ])
    const { shown, next } = pageOf(found, PAGE_MAX, ({ eventId }) => eventId)
    const operator = c.get('operator')
    return c.html(
      consolePage({
        title: 'Inbox',
        path: PATH,
        assets,
        operator,
        children: (
          <Queue
            title="Inbox"
            text="Events from Stripe. Reprocessing an event reads Stripe again and is safe to repeat."
            path={PATH}
            entries="events"
            states={EVENT_STATES.toReversed()}
            state={state}
            filter={reason === undefined ? {} : { reason }}
            above={
              state === 'parked' && reason !== undefined ? (
                <RedriveAll reason={reason} csrf={operator.csrf} />
              ) : (
                parked.length > 0 && <ParkedReasons parked={parked} csrf={operator.csrf} />
              )
            }
            next={next}
            outcome={outcome}
          >
            <Events events={shown} csrf={operator.csrf} />
          </Queue>
        ),
      }),
      outcome.problem === undefined ? 200 : 409,
    )
  }

  return new Hono<ConsoleEnvironment>()
    .get(PATH, (c) => show(c, { done: doneOf(c.req.query('again')) }))
    .post(`${PATH}/redrive`, async (c) => {
      const answer = await ask({
        caller: c.get('operator').callerFor(null),
        requestId: c.get('requestId'),
        method: 'POST',
        path: '/admin/stripe-events/redrive',
        body: whichOf(await readForm(c)),
      })
      if (!answer.ok) return show(c, { problem: answer.problem })
      const { event_ids: ids } = redriven.parse(answer.body)
      return c.redirect(`${PATH}?again=${ids.length}`, 303)
    })
}

const redriven = z.object({ event_ids: z.array(z.string()) })

function doneOf(again: string | undefined): string | undefined {
  if (again === undefined) return undefined
  const count = Number(again) || 0
  return `${FORMAT.number(count)} ${count === 1 ? 'event' : 'events'} will be reprocessed shortly.`
}

/** Selects one event, or all events parked for the same reason. */
const whichOf = (form: Form) =>
  form['reason'] === undefined ? { event_ids: [form['event'] ?? ''] } : { reason: form['reason'] }

/** Events that are parked on purpose need no attention. */
const toneOf = ({ state, reason }: InboxEvent): Tone =>
  state === 'parked' && !needsOperator(reason ?? '') ? 'plain' : TONE_OF[state]

type EventsProps = { readonly events: readonly InboxEvent[]; readonly csrf: string }

const Events = ({ events, csrf }: EventsProps) => (
  <Table
    rows={events}
    empty="No events in this state."
    columns={[
      {
        name: 'Event',
        cell: ({ type, eventId }) => (
          <>
            {type}
            <br />
            <span class="muted mono">{eventId}</span>
          </>
        ),
      },
      {
        name: 'State',
        cell: (event) => <Badge tone={toneOf(event)}>{titleOf(event.state)}</Badge>,
      },
      { name: 'Reason', cell: ({ reason, lastError }) => reason ?? lastError ?? '' },
      { name: 'Received', class: 'muted', cell: ({ receivedAt }) => FORMAT.dateTime(receivedAt) },
      {
        name: 'Action',
        kind: 'action',
        cell: (event) => event.state === 'parked' && <Redrive event={event} csrf={csrf} />,
      },
    ]}
  />
)

const Redrive = ({ event, csrf }: { readonly event: InboxEvent; readonly csrf: string }) => (
  <div class="buttons">
    <form method="post" action={`${PATH}/redrive`}>
      <Csrf token={csrf} />
      <input type="hidden" name="event" value={event.eventId} />
      <button class="small-button" aria-label={`Reprocess ${event.eventId}`}>
        Reprocess
      </button>
    </form>
  </div>
)
