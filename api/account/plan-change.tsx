import { Hono, type Context, type Handler } from 'hono'
import type { z } from 'zod'
import { isFree, type Period, type PlanVersion } from '../../domain/catalogue/plan.ts'
import { previewSchema } from '../subscriptions/plan-preview.ts'
import type { PageSetting } from '../web/setting.ts'
import { Card, CallFields } from '../web/parts.tsx'
import { accountPage } from './layout.tsx'
import type { accountOverview } from './overview.tsx'
import { ownSubscription } from './own.ts'
import { Plans } from './plans.tsx'
import type { AccountEnvironment } from './session.ts'
import { visitOf, type Visit } from './setting.ts'

type Preview = z.infer<typeof previewSchema>

/** Choosing another plan, and seeing what the change costs before it is made. */
export function planChange(
  setting: PageSetting,
  overview: ReturnType<typeof accountOverview>,
  notFound: Handler<AccountEnvironment>,
) {
  const { repositories, assets, ask } = setting

  /** Nothing is paid for yet: there is no card to charge, so Stripe's page follows. */
  const askForCard = async (c: Context<AccountEnvironment>, plan: PlanVersion) => {
    const visit = await visitOf(c, setting)
    const { texts, visitor } = visit
    const children = (
      <Card title={plan.name} id="plan">
        <form
          method="post"
          action="/account/checkout"
          class="fields"
          {...(visitor.embedded && { target: '_blank' })}
        >
          <CallFields token={visitor.csrf} />
          <input type="hidden" name="plan_id" value={plan.slug} />
          <p>{texts.bought(plan.name)}</p>
          <div class="buttons">
            <button class="primary">{texts.toPayment}</button>
            <a class="button quiet" href="/account">
              {texts.back}
            </a>
          </div>
        </form>
      </Card>
    )
    return c.html(accountPage({ title: texts.changePlan, assets, visit, children }))
  }

  return new Hono<AccountEnvironment>()
    .get('/account/subscriptions/:id/plan', async (c, next) => {
      const own = await ownSubscription(c, setting, c.req.param('id'))
      if (own === undefined) return notFound(c, next)
      const [visit, plan, offered, names] = await Promise.all([
        visitOf(c, setting),
        repositories.plans.getVersion(own.planVersionId),
        repositories.plans.listActive(),
        repositories.catalogue.listFeatures(),
      ])
      const named = new Map(names.map(({ code, name }) => [code, name]))
      const plans = offered.filter(
        ({ productLine, price }) =>
          productLine === plan.productLine &&
          (price.currency === plan.price.currency || isFree(plan)),
      )
      const { texts } = visit
      const children = (
        <>
          <Card title={texts.choosePlan} id="plans">
            <Plans
              plans={plans}
              visit={visit}
              nameOf={(code) => named.get(code) ?? code}
              own={{ subscriptionId: own.id, plan }}
            />
          </Card>
          <p>
            <a href="/account">{texts.back}</a>
          </p>
        </>
      )
      return c.html(accountPage({ title: texts.changePlan, assets, visit, children }))
    })
    .get('/account/subscriptions/:id/plan/:slug', async (c, next) => {
      const own = await ownSubscription(c, setting, c.req.param('id'))
      const slug = c.req.param('slug')
      if (own === undefined) return notFound(c, next)
      const [before, after] = await Promise.all([
        repositories.plans.getVersion(own.planVersionId),
        repositories.plans.findActive(slug),
      ])
      const answer = await ask({
        caller: c.get('visitor').caller,
        requestId: c.get('requestId'),
        method: 'POST',
        path: `/subscriptions/${own.id}/plan/preview`,
        body: { plan_id: slug },
      })
      if (!answer.ok) {
        const { code } = answer.problem
        if (code === 'checkout_required' && after !== undefined) return askForCard(c, after)
        return overview.show(c, { problem: code })
      }
      const preview = previewSchema.parse(answer.body)
      const visit = await visitOf(c, setting)
      const names = {
        before: before.name,
        after: after?.name ?? preview.plan,
        period: after?.period,
      }
      const children = <Review preview={preview} names={names} visit={visit} id={own.id} />
      return c.html(accountPage({ title: visit.texts.preview, assets, visit, children }))
    })
}

type ReviewProps = {
  readonly preview: Preview
  readonly names: {
    readonly before: string
    readonly after: string
    readonly period: Period | undefined
  }
  readonly visit: Visit
  readonly id: string
}

const Review = ({ preview, names, visit, id }: ReviewProps) => {
  const { texts, format, visitor } = visit
  const { amount_due: due, next_price: next, lines, when } = preview
  const amount = format.money(due.amount_minor, due.currency)
  const isCharged = due.amount_minor > 0
  const per = names.period === undefined ? '' : ` ${texts.per[names.period]}`
  return (
    <section class="card fields" aria-label={texts.preview}>
      <dl class="facts">
        <div>
          <dt>{texts.from}</dt>
          <dd>{names.before}</dd>
        </div>
        <div>
          <dt>{texts.to}</dt>
          <dd>{names.after}</dd>
        </div>
      </dl>
      {lines.length > 0 && (
        <table>
          <tbody>
            {lines.map((line) => (
              <tr>
                <td>{line.description}</td>
                <td class="number">{format.money(line.amount_minor, due.currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div>
        <p class="muted">{texts.dueToday}</p>
        <p class="total">{amount}</p>
        {!isCharged && <p class="muted">{texts.nothingDue}</p>}
      </div>
      <p>
        {when === 'now'
          ? texts.takesEffectNow
          : texts.takesEffect(format.date(new Date(preview.takes_effect_at)))}{' '}
        {texts.afterwards(`${format.money(next.amount_minor, next.currency)}${per}`)}
      </p>
      <form method="post" action={`/account/subscriptions/${id}/change-plan`}>
        <CallFields token={visitor.csrf} />
        <input type="hidden" name="plan_id" value={preview.plan} />
        <input type="hidden" name="when" value={when} />
        <input type="hidden" name="proration_date" value={preview.proration_date ?? ''} />
        <div class="buttons">
          <button class="primary">{isCharged ? texts.confirmAndPay(amount) : texts.confirm}</button>
          <a class="button quiet" href={`/account/subscriptions/${id}/plan`}>
            {texts.back}
          </a>
        </div>
      </form>
    </section>
  )
}
