import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { text } from '../../adapters/text.ts'
import type { SubscriptionLine } from '../../domain/operator/figures.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import { STATUSES } from '../../domain/subscription/subscription.ts'
import type { PageSetting } from '../web/setting.ts'
import { titleOf } from '../web/format.ts'
import { Badge, Card, TONES } from '../web/parts.tsx'
import { Table } from '../web/table.tsx'
import { sendCsv } from './exports.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import { pageOf } from './queue.tsx'
import type { ConsoleEnvironment } from './session.ts'
import { subscriptionsCsv } from './subscriptions-csv.ts'

/** A page fits on a screen or two. */
const PAGE_MAX = 50
/** Longer than any user id or Stripe id. */
const SEARCH_MAX_CHARACTERS = 255

/** Invalid parameters are ignored: the address may be typed by hand. */
const searchSchema = z.object({
  q: text(SEARCH_MAX_CHARACTERS).optional().catch(undefined),
  status: z.enum(STATUSES).optional().catch(undefined),
  plan: text(64).optional().catch(undefined),
  after: z.uuid().optional().catch(undefined),
})
type Search = z.infer<typeof searchSchema>

/** All subscriptions, or the results of a search. */
export const subscriptionsPage = ({ repositories, assets }: PageSetting) =>
  new Hono<ConsoleEnvironment>()
    .get('/console/subscriptions.csv', (c) => {
      const { q, status, plan } = searchOf(c)
      return sendCsv(c, 'subscriptions', subscriptionsCsv(repositories, { text: q, status, plan }))
    })
    .get('/console/subscriptions', async (c) => {
      const search = searchOf(c)
      const { q, status, plan, after } = search
      const [found, plans] = await Promise.all([
        repositories.figures.search({ text: q, status, plan }, { limit: PAGE_MAX + 1, after }),
        repositories.plans.listActive(),
      ])
      const { shown: lines, next } = pageOf(found, PAGE_MAX, ({ id }) => id)
      return c.html(
        consolePage({
          title: 'Subscriptions',
          path: '/console/subscriptions',
          assets,
          operator: c.get('operator'),
          children: (
            <>
              <div class="head">
                <h1>Subscriptions</h1>
              </div>
              <section class="card" aria-label="Search">
                <Filters search={search} plans={plans} />
              </section>
              <Card
                title={titleFor(search)}
                id="found"
                aside={lines.length > 0 && <a href={addressOf('.csv', search)}>Download as CSV</a>}
              >
                <Lines lines={lines} />
                <Pages search={search} next={next} />
              </Card>
            </>
          ),
        }),
      )
    })

function searchOf(c: Context<ConsoleEnvironment>): Search {
  const given = Object.entries(c.req.query()).map(([name, value]) => [name, value.trim()])
  return searchSchema.parse(Object.fromEntries(given))
}

/** The address of the list or of its file, with the search. */
function addressOf(end: '' | '.csv', { q, status, plan, after }: Search): string {
  const query = Object.entries({ q, status, plan, ...(end === '' && { after }) }).flatMap(
    ([name, value]) => (value === undefined ? [] : [[name, value]]),
  )
  return `/console/subscriptions${end}?${new URLSearchParams(query).toString()}`
}

const titleFor = ({ q, status, plan }: Search) =>
  q === undefined && status === undefined && plan === undefined ? 'Newest first' : 'Results'

const Filters = ({ search, plans }: { search: Search; plans: readonly PlanVersion[] }) => {
  const names = new Map(plans.map(({ slug, name }) => [slug, name]))
  if (search.plan !== undefined && !names.has(search.plan)) names.set(search.plan, search.plan)
  return (
    <form class="filters" role="search">
      <div>
        <label for="q">User, e-mail, invoice number or id</label>
        <input id="q" name="q" type="search" value={search.q ?? ''} autocomplete="off" />
      </div>
      <div>
        <label for="status">Status</label>
        <select id="status" name="status">
          <option value="">Any</option>
          {STATUSES.map((status) => (
            <option value={status} selected={status === search.status}>
              {titleOf(status)}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label for="plan">Plan</label>
        <select id="plan" name="plan">
          <option value="">Any</option>
          {[...names].map(([slug, name]) => (
            <option value={slug} selected={slug === search.plan}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <button class="primary">Search</button>
    </form>
  )
}

const Lines = ({ lines }: { readonly lines: readonly SubscriptionLine[] }) => (
  <Table
    rows={lines}
    empty="No results. Enter an e-mail address, an invoice number, a full id, or the start of a user id."
    isCompact
    columns={[
      {
        name: 'User',
        class: 'user',
        cell: ({ id, userId }) => <a href={`/console/subscriptions/${id}`}>{userId}</a>,
      },
      {
        name: 'Status',
        cell: ({ status, drift }) => (
          <>
            <Badge tone={TONES[status]}>{titleOf(status)}</Badge>
            {drift !== null && <Badge tone="bad">Drift</Badge>}
          </>
        ),
      },
      {
        name: 'Plan',
        cell: ({ plan, quantity }) =>
          quantity > 1 ? `${plan.name} × ${FORMAT.number(quantity)}` : plan.name,
      },
      {
        name: 'MRR',
        kind: 'number',
        cell: ({ mrrMinor, currency }) => (mrrMinor === 0 ? '–' : FORMAT.money(mrrMinor, currency)),
      },
      { name: 'Next event', class: 'muted', cell: nextOf },
      {
        name: 'Created',
        class: 'muted nowrap',
        cell: ({ createdAt }) => FORMAT.date(createdAt),
      },
    ]}
  />
)

function nextOf({ endedAt, cancelAt, trialEnd, periodEnd, status }: SubscriptionLine): string {
  if (endedAt !== null) return `Ended ${FORMAT.date(endedAt)}`
  if (cancelAt !== null) return `Ends ${FORMAT.date(cancelAt)}`
  if (status === 'trialing' && trialEnd !== null) return `Trial ends ${FORMAT.date(trialEnd)}`
  return periodEnd === null ? '' : `Renews ${FORMAT.date(periodEnd)}`
}

const Pages = ({ search, next }: { search: Search; next: string | undefined }) => {
  const link = (after: string | undefined) => addressOf('', { ...search, after })
  if (search.after === undefined && next === undefined) return <></>
  return (
    <nav class="pages" aria-label="Pages">
      {search.after === undefined ? <span /> : <a href={link(undefined)}>Newest</a>}
      {next !== undefined && (
        <a href={link(next)} rel="next">
          Older
        </a>
      )}
    </nav>
  )
}
