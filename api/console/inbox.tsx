import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { text } from '../../adapters/postgres/text.ts'
import { EVENT_STATES, type EventState, type InboxEvent } from '../../domain/stripe-inbox.ts'
import { readForm, type Form } from '../web/form.ts'
import { titleOf } from '../web/format.ts'
import type { PageSetting } from '../web/pages.ts'
import { Alert, Badge, Card, Csrf, type Tone } from '../web/parts.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import type { ConsoleEnvironment } from './session.ts'

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
})

/** Stripe's events as they came in. What is parked was kept and not acted upon; here it is told once more. */
export const inboxPage = (setting: PageSetting) => {
  const { repositories, assets, ask } = setting

  async function show(c: Context<ConsoleEnvironment>, told: { readonly problem?: string } = {}) {
    const { state, after } = querySchema.parse(c.req.query())
    const found = await repositories.stripeInbox.list({ state }, { limit: PAGE_MAX + 1, after })
    const events = found.slice(0, PAGE_MAX)
    const next = found.length > PAGE_MAX ? events.at(-1)?.eventId : undefined
    const { csrf } = c.get('operator')
    const again = c.req.query('again')
    return c.html(
      consolePage({
        title: 'Inbox',
        path: '/console/inbox',
        assets,
        operator: c.get('operator'),
        children: (
          <>
            <div class="head">
              <div>
                <h1>Inbox</h1>
                <p>What Stripe told. Telling it again reads Stripe, and changes nothing twice.</p>
              </div>
            </div>
            {again !== undefined && (
              <Alert tone="ok">
                <p>{FORMAT.number(Number(again) || 0)} will be told again in a moment.</p>
              </Alert>
            )}
            {told.problem !== undefined && (
              <Alert tone="bad">
                <p>{told.problem}</p>
              </Alert>
            )}
            <nav class="nav" aria-label="State of events">
              {EVENT_STATES.toReversed().map((each) => (
                <a
                  href={`/console/inbox?state=${each}`}
                  {...(each === state && { 'aria-current': 'page' })}
                >
                  {titleOf(each)}
                </a>
              ))}
            </nav>
            <Card title={`${titleOf(state)} events`} id="events">
              <Events events={events} csrf={csrf} />
              {next !== undefined && (
                <nav class="pages" aria-label="Pages">
                  <span />
                  <a
                    href={`/console/inbox?${new URLSearchParams({ state, after: next }).toString()}`}
                    rel="next"
                  >
                    Older ones
                  </a>
                </nav>
              )}
            </Card>
          </>
        ),
      }),
      told.problem === undefined ? 200 : 409,
    )
  }

  return new Hono<ConsoleEnvironment>()
    .get('/console/inbox', (c) => show(c))
    .post('/console/inbox/redrive', async (c) => {
      const answer = await ask({
        caller: c.get('operator').callerFor(null),
        requestId: c.get('requestId'),
        method: 'POST',
        path: '/admin/stripe-events/redrive',
        body: whichOf(await readForm(c)),
      })
      if (!answer.ok) return show(c, { problem: answer.problem.detail })
      const { event_ids: ids } = redriven.parse(answer.body)
      return c.redirect(`/console/inbox?again=${ids.length}`, 303)
    })
}

const redriven = z.object({ event_ids: z.array(z.string()) })

/** One event, or all that are parked for a reason. */
const whichOf = (form: Form) =>
  form['reason'] === undefined ? { event_ids: [form['event'] ?? ''] } : { reason: form['reason'] }

type EventsProps = { readonly events: readonly InboxEvent[]; readonly csrf: string }

const Events = ({ events, csrf }: EventsProps) =>
  events.length === 0 ? (
    <p class="empty">None.</p>
  ) : (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">Event</th>
          <th scope="col">State</th>
          <th scope="col">Why</th>
          <th scope="col">Came</th>
          <th scope="col">
            <span class="hidden">Action</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr>
            <th scope="row">
              {event.type}
              <br />
              <span class="muted mono">{event.eventId}</span>
            </th>
            <td data-label="State">
              <Badge tone={TONE_OF[event.state]}>{titleOf(event.state)}</Badge>
            </td>
            <td data-label="Why">{event.reason ?? event.lastError ?? ''}</td>
            <td data-label="Came" class="muted">
              {FORMAT.dateTime(event.receivedAt)}
            </td>
            <td>{event.state === 'parked' && <Redrive event={event} csrf={csrf} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )

const Redrive = ({ event, csrf }: { readonly event: InboxEvent; readonly csrf: string }) => (
  <div class="buttons">
    <form method="post" action="/console/inbox/redrive">
      <Csrf token={csrf} />
      <input type="hidden" name="event" value={event.eventId} />
      <button class="small-button" aria-label={`Tell ${event.eventId} again`}>
        Tell again
      </button>
    </form>
    {event.reason !== null && (
      <form method="post" action="/console/inbox/redrive">
        <Csrf token={csrf} />
        <input type="hidden" name="reason" value={event.reason} />
        <button class="quiet" aria-label={`Tell all again that are parked as: ${event.reason}`}>
          All like it
        </button>
      </form>
    )}
  </div>
)
