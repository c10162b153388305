import { readAddons } from '../../domain/subscription/addons.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { readAddonChoices } from '../web/items-form.ts'
import { nameEntries } from '../subscriptions/timeline-entries.ts'
import type { PageSetting } from '../web/setting.ts'

/** About ten years of monthly renewals. */
const TIMELINE_MAX = 500
const INVOICES_MAX = 24
const GRANTS_MAX = 20
const FINDINGS_MAX = 20
const HISTORY_DAYS = 30
const DAY_MS = 86_400_000

/** Everything that a subscription's page shows. */
export type SubscriptionDetails = Awaited<ReturnType<typeof readDetails>>

/**
 * Reads a subscription's page.
 *
 * @param wanted The code of the feature whose history is shown; otherwise the first counted one.
 */
export async function readDetails(
  { repositories, clock }: PageSetting,
  subscription: Subscription,
  wanted: string | undefined,
) {
  const now = clock.now()
  const { userId } = subscription
  const [items, plans, features, customer, usage, timeline, invoices, findings, grants] =
    await Promise.all([
      readItems(repositories, subscription),
      repositories.plans.listActive(),
      repositories.catalogue.listFeatures(),
      repositories.customers.find(userId),
      repositories.usage.list(subscription, now),
      repositories.subscriptions
        .timeline(subscription.id, TIMELINE_MAX)
        .then((entries) => nameEntries(repositories, entries)),
      repositories.invoices.listOfUser(userId, { limit: INVOICES_MAX, after: undefined }),
      repositories.drift.list(
        { subscriptionId: subscription.id, state: 'open' },
        { limit: FINDINGS_MAX },
      ),
      repositories.usageExtras.listGrants({ userId }, GRANTS_MAX),
    ])
  const featureOf = (code: string) => features.find((each) => each.code === code)
  const { charted, history } = await readChart(repositories, { userId, usage, wanted, now })
  return {
    now,
    subscription,
    ...items,
    plans,
    customer,
    usage,
    timeline: timeline.toReversed(),
    invoices: invoices.filter((invoice) => invoice.subscriptionId === subscription.id),
    findings,
    grants,
    charted,
    history,
    featureOf,
    nameOf: (code: string) => featureOf(code)?.name ?? code,
  }
}

type Charting = {
  readonly userId: string
  readonly usage: Awaited<ReturnType<PageSetting['repositories']['usage']['list']>>
  readonly wanted: string | undefined
  readonly now: Date
}

/** Reads the history of the wanted feature, or of the first counted one. */
async function readChart(
  { usage: repository }: PageSetting['repositories'],
  { userId, usage, wanted, now }: Charting,
) {
  const to = startOfDay(new Date(now.getTime() + DAY_MS))
  const from = new Date(to.getTime() - HISTORY_DAYS * DAY_MS)
  const counted = usage.filter(({ feature }) => feature.type !== 'boolean')
  const charted =
    counted.find(({ feature }) => feature.code === wanted)?.feature ?? counted[0]?.feature
  if (charted === undefined) return { charted, history: [] }
  const history = await repository.history(
    { userId, feature: charted.code, from, to, bucket: 'day', timeZone: 'UTC' },
    now,
  )
  return { charted, history: history === 'unsummed' ? [] : history }
}

function startOfDay(at: Date): Date {
  return new Date(at.toISOString().slice(0, 10))
}

/** The plan and the add-ons: now, and after a pending change. */
async function readItems(
  { plans }: Pick<PageSetting['repositories'], 'plans'>,
  subscription: Subscription,
) {
  const { planVersionId, addons, pendingChange } = subscription
  const plan = await plans.getVersion(planVersionId)
  return {
    plan,
    addons: await readAddons(plans, addons),
    addonChoices: await readAddonChoices(plans, subscription, plan),
    pendingPlan: pendingChange && (await plans.getVersion(pendingChange.planVersionId)),
    pendingAddons: await readAddons(plans, pendingChange?.addons ?? []),
  }
}
