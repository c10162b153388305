import { Hono } from 'hono'
import { z } from 'zod'
import { text } from '../../adapters/postgres/text.ts'
import type { SubscriptionLine } from '../../domain/figures.ts'
import type { PlanVersion } from '../../domain/plan.ts'
import { STATUSES } from '../../domain/subscription.ts'
import type { PageSetting } from '../web/pages.ts'
import { titleOf } from '../web/format.ts'
import { Badge, Card, TONES } from '../web/parts.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import type { ConsoleEnvironment } from './session.ts'

/** One page: what fits on a screen or two. */
const PAGE_MAX = 50
/** Stripe's ids and users' are shorter. */
const SEARCH_MAX_CHARACTERS = 255

/** What is not valid is as if it was not there: the address was typed by hand. */
const searchSchema = z.object({
  q: text(SEARCH_MAX_CHARACTERS).optional().catch(undefined),
  status: z.enum(STATUSES).optional().catch(undefined),
  plan: text(64).optional().catch(undefined),
  after: z.uuid().optional().catch(undefined),
})
type Search = z.infer<typeof searchSchema>

/** All subscriptions, or those that somebody looks for. */
export const subscriptionsPage = ({ repositories, assets }: PageSetting) =>
  new Hono<ConsoleEnvironment>().get('/console/subscriptions', async (c) => {
    const given = Object.entries(c.req.query()).map(([name, value]) => [name, value.trim()])
    const search = searchSchema.parse(Object.fromEntries(given))
    const { q, status, plan, after } = search
    const [found, plans] = await Promise.all([
      repositories.figures.search({ text: q, status, plan }, { limit: PAGE_MAX + 1, after }),
      repositories.plans.listActive(),
    ])
    const lines = found.slice(0, PAGE_MAX)
    const next = found.length > PAGE_MAX ? lines.at(-1)?.id : undefined
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
            <Card title={titleFor(search)} id="found">
              {lines.length === 0 ? (
                <p class="empty">
                  None is found. Ids are matched as a whole, users by a beginning.
                </p>
              ) : (
                <Lines lines={lines} />
              )}
              <Pages search={search} next={next} />
            </Card>
          </>
        ),
      }),
    )
  })

const titleFor = ({ q, status, plan }: Search) =>
  q === undefined && status === undefined && plan === undefined ? 'The newest first' : 'Found'

const Filters = ({ search, plans }: { search: Search; plans: readonly PlanVersion[] }) => {
  const names = new Map(plans.map(({ slug, name }) => [slug, name]))
  if (search.plan !== undefined && !names.has(search.plan)) names.set(search.plan, search.plan)
  return (
    <form class="filters" role="search">
      <div>
        <label for="q">User, subscription or Stripe’s id</label>
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
  <table class="rows compact">
    <thead>
      <tr>
        <th scope="col">User</th>
        <th scope="col">Status</th>
        <th scope="col">Plan</th>
        <th scope="col" class="number">
          MRR
        </th>
        <th scope="col">What comes</th>
        <th scope="col">Since</th>
      </tr>
    </thead>
    <tbody>
      {lines.map((line) => (
        <tr>
          <th scope="row" class="user">
            <a href={`/console/subscriptions/${line.id}`}>{line.userId}</a>
          </th>
          <td data-label="Status">
            <Badge tone={TONES[line.status]}>{titleOf(line.status)}</Badge>
            {line.drift !== null && <Badge tone="bad">Drift</Badge>}
          </td>
          <td data-label="Plan">
            {line.plan.name}
            {line.quantity > 1 && ` × ${FORMAT.number(line.quantity)}`}
          </td>
          <td data-label="MRR" class="number">
            {line.mrrMinor === 0 ? '–' : FORMAT.money(line.mrrMinor, line.currency)}
          </td>
          <td data-label="What comes" class="muted">
            {nextOf(line)}
          </td>
          <td data-label="Since" class="muted nowrap">
            {FORMAT.date(line.createdAt)}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
)

function nextOf({ endedAt, cancelAt, trialEnd, periodEnd, status }: SubscriptionLine): string {
  if (endedAt !== null) return `Ended ${FORMAT.date(endedAt)}`
  if (cancelAt !== null) return `Ends ${FORMAT.date(cancelAt)}`
  if (status === 'trialing' && trialEnd !== null) return `Trial to ${FORMAT.date(trialEnd)}`
  return periodEnd === null ? '' : `Renews ${FORMAT.date(periodEnd)}`
}

const Pages = ({ search, next }: { search: Search; next: string | undefined }) => {
  const link = (after: string | undefined) => {
    const query = Object.entries({ ...search, after }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    )
    return `/console/subscriptions?${new URLSearchParams(query).toString()}`
  }
  if (search.after === undefined && next === undefined) return <></>
  return (
    <nav class="pages" aria-label="Pages">
      {search.after === undefined ? <span /> : <a href={link(undefined)}>Back to the newest</a>}
      {next !== undefined && (
        <a href={link(next)} rel="next">
          Older ones
        </a>
      )}
    </nav>
  )
}
