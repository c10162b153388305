import { readAddons } from '../../domain/subscription/addons.ts'
import { Hono, type Context } from 'hono'
import { nameEntries } from '../subscriptions/timeline-entries.ts'
import { isLive, type Subscription } from '../../domain/subscription/subscription.ts'
import { readEstimate } from '../usage/estimate.ts'
import { readAddonChoices } from '../web/items-form.ts'
import { readFeatureNames } from '../web/feature-names.ts'
import type { PageSetting } from '../web/setting.ts'
import { Alert, Card } from '../web/parts.tsx'
import { wordsOf } from '../web/problem-words/problem-words.ts'
import { availableTrials } from '../plans/available-trials.ts'
import { Invoices } from './invoices.tsx'
import { accountPage, Foot } from './layout.tsx'
import { Manage, Portal } from './manage.tsx'
import { PlanHistory } from './plan-history.tsx'
import { Plans, withOffers } from './plans.tsx'
import type { AccountEnvironment } from './session.ts'
import { visitOf, type Visit } from './setting.ts'
import { CurrentPlan } from './current-plan.tsx'
import type { Texts } from './texts.ts'
import { Usage } from './usage.tsx'

/** Users have a handful of subscriptions in a lifetime. */
const SUBSCRIPTIONS_MAX = 20
const INVOICES_MAX = 12
/** About ten years of monthly renewals. */
const TIMELINE_MAX = 500

/** The page looks every two seconds for two minutes; Stripe's event takes seconds. */
const LOOK_SECONDS = 2
const LOOKS_MAX = 60

/** The message above the page, from the address that an action led to. */
export type Outcome = {
  /** A key of `texts.done`; other values show no message. */
  readonly done?: string | undefined
  /** How often the page has looked for the payment since the customer came back from Stripe. */
  readonly looks?: number
  /** The code of the API's problem. */
  readonly problem?: string
}

/** The start page of the account: the plan, its usage, the invoices, and the actions of the user. */
export const accountOverview = (setting: PageSetting) =>
  new Hono<AccountEnvironment>().get('/account', (c) =>
    showOverview(c, setting, {
      done: c.req.query('done'),
      looks: Number(c.req.query('looks') ?? 0) || 0,
    }),
  )

type Shown = { readonly subscription: Pick<Subscription, 'checkout' | 'paymentProcessing'> }

const waitsForBank = ({ subscription }: Shown): boolean =>
  subscription.paymentProcessing === 'first'
/** A page that nobody has submitted. */
const isPageOpen = ({ subscription }: Shown): boolean =>
  subscription.checkout !== null && subscription.paymentProcessing === null

/** Shows the start page with the outcome of the latest form: status 409 with a problem. */
export async function showOverview(
  c: Context<AccountEnvironment>,
  setting: PageSetting,
  outcome: Outcome,
) {
  const visit = await visitOf(c, setting)
  const { texts, visitor } = visit
  const { live, plans, trials, invoices, nameOf } = await readAccount(setting, visitor.userId)
  const { done, looks = 0 } = outcome
  const isProcessing = done === 'payment' && live.some(waitsForBank)
  const isConfirming = done === 'payment' && live.some(isPageOpen) && looks < LOOKS_MAX
  if (isConfirming) {
    c.header('refresh', `${LOOK_SECONDS}; url=/account?done=payment&looks=${looks + 1}`)
    return c.html(confirmingPage(setting, visit))
  }
  return c.html(
    accountPage({
      title: texts.title,
      assets: setting.assets,
      visit,
      children: (
        <>
          <Messages outcome={outcome} isProcessing={isProcessing} texts={texts} />
          {live.length === 0 && (
            <Card title={texts.choosePlan} id="plans" aside={<p>{texts.none}</p>}>
              <Plans plans={plans} visit={visit} nameOf={nameOf} trials={trials} />
            </Card>
          )}
          {live.map((each) => (
            <>
              <CurrentPlan {...each} invoices={invoices} visit={visit} />
              <Usage {...each} visit={visit} nameOf={nameOf} />
            </>
          ))}
          <Invoices invoices={invoices} visit={visit} />
          {live.map(({ entries }) => (
            <PlanHistory entries={entries} visit={visit} />
          ))}
          {(live.length > 0 || visit.customer?.stripeCustomerId) && (
            <Card title={texts.manage} id="manage">
              <div class="actions">
                <Portal visit={visit} />
                {live.map((each) => (
                  <Manage {...each} visit={visit} />
                ))}
              </div>
            </Card>
          )}
          <Foot visit={visit} />
        </>
      ),
    }),
    outcome.problem === undefined ? 200 : 409,
  )
}

/** Reads what the start page shows; the plans only for a user without a subscription. */
async function readAccount(setting: PageSetting, userId: string) {
  const { repositories, clock } = setting
  const now = clock.now()
  const [subscriptions, invoices, nameOf] = await Promise.all([
    repositories.subscriptions.listOfUser(userId, SUBSCRIPTIONS_MAX),
    repositories.invoices.listOfUser(userId, { limit: INVOICES_MAX, after: undefined }),
    readFeatureNames(repositories),
  ])
  const live = await Promise.all(
    subscriptions
      .filter(({ status }) => isLive(status))
      .map(async (subscription) => {
        const { pendingChange } = subscription
        const { plans } = repositories
        const plan = await plans.getVersion(subscription.planVersionId)
        const [addons, choices, pendingPlan, pendingAddons, usage, timeline] = await Promise.all([
          readAddons(plans, subscription.addons),
          readAddonChoices(plans, subscription, plan),
          pendingChange && plans.getVersion(pendingChange.planVersionId),
          readAddons(plans, pendingChange?.addons ?? []),
          repositories.usage.list(subscription, now),
          repositories.subscriptions.timeline(subscription.id, TIMELINE_MAX),
        ])
        const entries = await nameEntries(repositories, timeline)
        const estimate = await readEstimate(repositories, { subscription, plan, usage, at: now })
        return {
          subscription,
          plan,
          addons,
          // Nothing can be added during a trial.
          hasAddonChoice:
            choices.length > 0 && (subscription.status !== 'trialing' || addons.length > 0),
          pendingPlan,
          pendingAddons,
          usage,
          entries,
          estimate,
        }
      }),
  )
  const plans =
    live.length > 0
      ? []
      : withOffers(
          await repositories.plans.listActive(),
          await repositories.plans.listOffers(userId, now),
        )
  const trials = await availableTrials(setting, { userId }, plans)
  return { live, plans, trials, invoices, nameOf }
}

/** Shown until Stripe's event has arrived. It has no way to pay, so nobody pays twice. */
const confirmingPage = ({ assets }: PageSetting, visit: Visit) =>
  accountPage({
    title: visit.texts.confirming,
    assets,
    visit,
    children: (
      <Alert tone="info">
        <p role="status">{visit.texts.confirmingWhy}</p>
      </Alert>
    ),
  })

type MessagesProps = {
  readonly outcome: Outcome
  /** The customer is back from Stripe, and a bank confirms the payment. */
  readonly isProcessing: boolean
  readonly texts: Texts
}

const Messages = ({ outcome, isProcessing, texts }: MessagesProps) => {
  if (isProcessing)
    return (
      <Alert tone="info">
        <p role="status">{texts.processing}</p>
      </Alert>
    )
  const name = outcome.done === 'payment' ? 'checkout' : outcome.done
  const done = Object.entries(texts.done).find(([each]) => each === name)?.[1]
  return (
    <>
      {done !== undefined && (
        <Alert tone="ok">
          <p>{done}</p>
        </Alert>
      )}
      {outcome.problem !== undefined && (
        <Alert tone="bad">
          <p>{wordsOf(outcome.problem)[texts.language] ?? texts.otherProblem}</p>
        </Alert>
      )}
    </>
  )
}
