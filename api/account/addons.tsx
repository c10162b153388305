import { Hono, type Context, type Handler } from 'hono'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Units } from '../../domain/catalogue/pooled-plan.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import { previewSchema } from '../subscriptions/change-preview.ts'
import { readFeatureNames } from '../web/feature-names.ts'
import { readForm, type Form } from '../web/form.ts'
import {
  addonField,
  isStaleReview,
  itemsBody,
  readAddonChoices,
  reviewedItems,
} from '../web/items-form.ts'
import type { PageSetting } from '../web/setting.ts'
import { AddonForm } from './addon-form.tsx'
import { accountPage } from './layout.tsx'
import { showOverview } from './overview.tsx'
import { ownSubscription } from './own.ts'
import { Review } from './review.tsx'
import type { AccountEnvironment } from './session.ts'
import { visitOf, type Visit } from './setting.ts'

/** The pages on which a user chooses add-ons and reviews their price before confirming the change. */
export const addonChange = (setting: PageSetting, notFound: Handler<AccountEnvironment>) =>
  new Hono<AccountEnvironment>()
    .get('/account/subscriptions/:id/addons', async (c, next) => {
      const own = await ownSubscription(c, setting, c.req.param('id'))
      return own === undefined ? notFound(c, next) : showChoice(c, setting, own)
    })
    .post('/account/subscriptions/:id/addons', async (c, next) => {
      const own = await ownSubscription(c, setting, c.req.param('id'))
      return own === undefined ? notFound(c, next) : showReview(c, setting, own, await readForm(c))
    })

/** The plan of a subscription, with the add-ons that it has and could have. */
async function readItems({ repositories: { plans } }: PageSetting, own: Subscription) {
  const plan = await plans.getVersion(own.planVersionId)
  return { plan, choices: await readAddonChoices(plans, own, plan) }
}

/** Whether a confirmed change of items was reviewed with other items than the subscription has. */
export async function isStale(setting: PageSetting, own: Subscription, form: Form) {
  return isStaleReview(own, form, (await readItems(setting, own)).choices)
}

async function showChoice(
  c: Context<AccountEnvironment>,
  setting: PageSetting,
  subscription: Subscription,
) {
  const [visit, { choices }, nameOf] = await Promise.all([
    visitOf(c, setting),
    readItems(setting, subscription),
    readFeatureNames(setting.repositories),
  ])
  const children = (
    <AddonForm subscription={subscription} choices={choices} visit={visit} nameOf={nameOf} />
  )
  return c.html(accountPage({ title: visit.texts.addons, assets: setting.assets, visit, children }))
}

async function showReview(
  c: Context<AccountEnvironment>,
  setting: PageSetting,
  subscription: Subscription,
  form: Form,
) {
  const { proration_date: _, ...body } = itemsBody(form)
  const path = `/subscriptions/${subscription.id}`
  const answer = await setting.ask({
    caller: c.get('visitor').caller,
    requestId: c.get('requestId'),
    method: 'POST',
    path: `${path}/items/preview`,
    body,
  })
  if (!answer.ok) return showOverview(c, setting, { problem: answer.problem.code })
  const [visit, { plan, choices }] = await Promise.all([
    visitOf(c, setting),
    readItems(setting, subscription),
  ])
  const { texts } = visit
  const children = (
    <Review
      preview={previewSchema.parse(answer.body)}
      facts={changesOf(choices, form, visit)}
      kept={texts.itemsKeptUntilThen}
      period={plan.period}
      visit={visit}
      action={`/account${path}/change-items`}
      fields={{ ...unitsIn(form), reviewed: reviewedItems(subscription) }}
      back={`/account${path}/addons`}
    />
  )
  return c.html(accountPage({ title: texts.preview, assets: setting.assets, visit, children }))
}

/** The fields with the units of add-ons, as they were sent. */
const unitsIn = (form: Form): Form =>
  Object.fromEntries(
    Object.entries(form).filter(([name]) => name.startsWith(addonField({ slug: '' }))),
  )

/** Each add-on whose units change, with its units before and after. */
function changesOf(choices: readonly Units[], form: Form, { format }: Visit) {
  const after = (plan: PlanVersion, quantity: number) =>
    Number(form[addonField(plan)] || 0) === quantity
      ? undefined
      : Number(form[addonField(plan)] || 0)
  return choices.flatMap(({ plan, quantity }) => {
    const units = after(plan, quantity)
    return units === undefined
      ? []
      : [[plan.name, `${format.number(quantity)} → ${format.number(units)}`] as const]
  })
}
