import { Hono, type Context, type Handler } from 'hono'
import { isFree, type PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { previewSchema } from '../subscriptions/change-preview.ts'
import { availableTrials } from '../plans/available-trials.ts'
import { readFeatureNames } from '../web/feature-names.ts'
import { CallFields, Card } from '../web/parts.tsx'
import type { PageSetting } from '../web/setting.ts'
import { accountPage } from './layout.tsx'
import { showOverview } from './overview.tsx'
import { ownSubscription } from './own.ts'
import { Plans, withOffers } from './plans.tsx'
import { Review } from './review.tsx'
import type { AccountEnvironment } from './session.ts'
import { visitOf, type Visit } from './setting.ts'

/** The pages on which a user chooses another plan and reviews the change before confirming it. */
export const planChange = (setting: PageSetting, notFound: Handler<AccountEnvironment>) =>
  new Hono<AccountEnvironment>()
    .get('/account/subscriptions/:id/plan', async (c, next) => {
      const own = await ownSubscription(c, setting, c.req.param('id'))
      return own === undefined ? notFound(c, next) : showChoice(c, setting, own)
    })
    .get('/account/subscriptions/:id/plan/:slug', async (c, next) => {
      const own = await ownSubscription(c, setting, c.req.param('id'))
      return own === undefined
        ? notFound(c, next)
        : showReview(c, setting, own, c.req.param('slug'))
    })

async function showChoice(
  c: Context<AccountEnvironment>,
  setting: PageSetting,
  subscription: Subscription,
) {
  const { repositories, assets } = setting
  const [visit, plan, active, offers, nameOf] = await Promise.all([
    visitOf(c, setting),
    repositories.plans.getVersion(subscription.planVersionId),
    repositories.plans.listActive(),
    repositories.plans.listOffers(subscription.userId, setting.clock.now()),
    readFeatureNames(repositories),
  ])
  const plans = withOffers(active, offers).filter(
    ({ productLine, price }) =>
      productLine === plan.productLine && (price.currency === plan.price.currency || isFree(plan)),
  )
  // A purchase by the customer of a free plan may begin a trial; a change between paid plans does not.
  const trials = isFree(plan) ? await availableTrials(setting, visit.visitor, plans) : undefined
  const { texts } = visit
  const children = (
    <>
      <Card title={texts.choosePlan} id="plans">
        <Plans
          plans={plans}
          visit={visit}
          nameOf={nameOf}
          {...(trials && { trials })}
          own={{ subscriptionId: subscription.id, plan }}
        />
      </Card>
      <p>
        <a href="/account">{texts.back}</a>
      </p>
    </>
  )
  return c.html(accountPage({ title: texts.changePlan, assets, visit, children }))
}

async function showReview(
  c: Context<AccountEnvironment>,
  setting: PageSetting,
  subscription: Subscription,
  slug: string,
) {
  const { repositories, assets, ask } = setting
  const [before, after] = await Promise.all([
    repositories.plans.getVersion(subscription.planVersionId),
    repositories.plans.findOffered(slug, {
      userId: subscription.userId,
      at: setting.clock.now(),
    }),
  ])
  const answer = await ask({
    caller: c.get('visitor').caller,
    requestId: c.get('requestId'),
    method: 'POST',
    path: `/subscriptions/${subscription.id}/plan/preview`,
    body: { plan_id: slug },
  })
  if (!answer.ok) {
    const { code } = answer.problem
    if (code === 'checkout_required' && after !== undefined) return showPurchase(c, setting, after)
    return showOverview(c, setting, { problem: code })
  }
  const preview = previewSchema.parse(answer.body)
  const visit = await visitOf(c, setting)
  const { texts } = visit
  const path = `/account/subscriptions/${subscription.id}`
  const children = (
    <Review
      preview={preview}
      facts={[
        [texts.from, before.name],
        [texts.to, after?.name ?? preview.plan],
      ]}
      kept={texts.keptUntilThen(before.name)}
      period={after?.period}
      visit={visit}
      action={`${path}/change-plan`}
      fields={{ plan_id: preview.plan }}
      back={`${path}/plan`}
    />
  )
  return c.html(accountPage({ title: texts.preview, assets, visit, children }))
}

/** A change from a free plan to a paid one: there is no card to charge yet, so the user continues to Stripe's page. */
async function showPurchase(
  c: Context<AccountEnvironment>,
  setting: PageSetting,
  plan: PlanVersion,
) {
  const visit = await visitOf(c, setting)
  const { texts } = visit
  const children = <Purchase plan={plan} visit={visit} />
  return c.html(accountPage({ title: texts.changePlan, assets: setting.assets, visit, children }))
}

type PurchaseProps = { readonly plan: PlanVersion; readonly visit: Visit }

const Purchase = ({ plan, visit: { texts, visitor } }: PurchaseProps) => (
  <Card title={plan.name} id="plan">
    <form
      method="post"
      action="/account/checkout"
      class="fields"
      {...(visitor.embedded && { target: '_blank' })}
    >
      <CallFields token={visitor.csrf} />
      <input type="hidden" name="plan_id" value={plan.slug} />
      <p>{texts.payAtStripe(plan.name)}</p>
      <div class="buttons">
        <button class="primary">{texts.toPayment}</button>
        <a class="button quiet" href="/account">
          {texts.back}
        </a>
      </div>
    </form>
  </Card>
)
