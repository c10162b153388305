import { Hono, type Context } from 'hono'
import { isLive } from '../../domain/subscription/subscription.ts'
import type { PageSetting } from '../web/setting.ts'
import { Alert, Card } from '../web/parts.tsx'
import { Invoices } from './invoices.tsx'
import { accountPage, Foot } from './layout.tsx'
import { Manage, Portal } from './manage.tsx'
import { Plans } from './plans.tsx'
import type { AccountEnvironment } from './session.ts'
import { visitOf, type Visit } from './setting.ts'
import { CurrentPlan } from './current-plan.tsx'
import type { Texts } from './texts.ts'
import { Usage } from './usage.tsx'

/** A user has a handful of subscriptions in a lifetime. */
const SUBSCRIPTIONS_MAX = 20
const INVOICES_MAX = 12

export type Outcome = { readonly done?: string | undefined; readonly problem?: string }

/** All that a user has here: their plan, what they used of it, their bills, and what they can do. */
export function accountOverview(setting: PageSetting) {
  const { repositories, clock, assets } = setting

  async function read({ userId }: Visit['visitor']) {
    const now = clock.now()
    const [all, invoices, names] = await Promise.all([
      repositories.subscriptions.listOfUser(userId, SUBSCRIPTIONS_MAX),
      repositories.invoices.listOfUser(userId, { limit: INVOICES_MAX, after: undefined }),
      repositories.catalogue.listFeatures(),
    ])
    const live = await Promise.all(
      all
        .filter(({ status }) => isLive(status))
        .map(async (subscription) => {
          const { pendingChange } = subscription
          const [plan, pendingPlan, usage] = await Promise.all([
            repositories.plans.getVersion(subscription.planVersionId),
            pendingChange && repositories.plans.getVersion(pendingChange.planVersionId),
            repositories.usage.list(subscription, now),
          ])
          return { subscription, plan, pendingPlan, usage }
        }),
    )
    const named = new Map(names.map(({ code, name }) => [code, name]))
    return { live, invoices, nameOf: (code: string) => named.get(code) ?? code }
  }

  async function show(c: Context<AccountEnvironment>, told: Outcome) {
    const visit = await visitOf(c, setting)
    const { texts, visitor } = visit
    const { live, invoices, nameOf } = await read(visitor)
    const plans = live.length === 0 ? await repositories.plans.listActive() : []
    return c.html(
      accountPage({
        title: texts.title,
        assets,
        visit,
        children: (
          <>
            <Messages told={told} texts={texts} />
            {live.length === 0 && (
              <Card title={texts.choosePlan} id="plans" aside={<p>{texts.none}</p>}>
                <Plans plans={plans} visit={visit} nameOf={nameOf} />
              </Card>
            )}
            {live.map((each) => (
              <>
                <CurrentPlan {...each} invoices={invoices} visit={visit} />
                <Usage {...each} visit={visit} nameOf={nameOf} />
              </>
            ))}
            <Invoices invoices={invoices} visit={visit} />
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
      told.problem === undefined ? 200 : 409,
    )
  }

  const routes = new Hono<AccountEnvironment>().get('/account', (c) =>
    show(c, { done: c.req.query('done') }),
  )
  return { show, routes }
}

const Messages = ({ told, texts }: { readonly told: Outcome; readonly texts: Texts }) => {
  const done = Object.entries(texts.done).find(([name]) => name === told.done)?.[1]
  return (
    <>
      {done !== undefined && (
        <Alert tone="ok">
          <p>{done}</p>
        </Alert>
      )}
      {told.problem !== undefined && (
        <Alert tone="bad">
          <p>{texts.problems[told.problem] ?? texts.otherProblem}</p>
        </Alert>
      )}
    </>
  )
}
