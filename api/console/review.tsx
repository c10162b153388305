import type { Context } from 'hono'
import type { z } from 'zod'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import type { Problem } from '../problem.ts'
import { previewSchema } from '../subscriptions/change-preview.ts'
import { readAddonChoices, reviewedItems } from '../web/items-form.ts'
import type { Form } from '../web/form.ts'
import { CallFields, Card } from '../web/parts.tsx'
import type { PageSetting } from '../web/setting.ts'
import { Table } from '../web/table.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import { ChangedItems } from './changed-items.tsx'
import { CONFIRMED, OPERATOR_ACTIONS } from './operator-actions.ts'
import type { ConsoleEnvironment } from './session.ts'

type Preview = z.infer<typeof previewSchema>

/** The actions that an operator reviews before they happen. */
const REVIEWED = { 'change-plan': 'Change plan', 'change-items': 'Change items' } as const
type ReviewedAction = keyof typeof REVIEWED

/** Whether an action is reviewed before it happens. */
export const isReviewed = (action: string): action is ReviewedAction =>
  Object.hasOwn(REVIEWED, action)

type Submitted = {
  readonly action: ReviewedAction
  readonly form: Form
  /** Answers when the change is not possible. */
  readonly refuse: (problem: Problem) => Response | Promise<Response>
}

/** Shows what a change charges now and later. Only the form of this page, when confirmed, changes the subscription. */
export async function showReview(
  c: Context<ConsoleEnvironment>,
  setting: PageSetting,
  subscription: Subscription,
  { action, form, refuse }: Submitted,
): Promise<Response> {
  const operator = c.get('operator')
  const answer = await setting.ask({
    caller: operator.callerFor(subscription.userId),
    requestId: c.get('requestId'),
    ...OPERATOR_ACTIONS[action].preview(subscription, form),
  })
  if (!answer.ok) return refuse(answer.problem)
  const preview = previewSchema.parse(answer.body)
  const { plans } = setting.repositories
  const plan = await plans.getVersion(subscription.planVersionId)
  const isPlanChange = action === 'change-plan'
  const title = `Review ${isPlanChange ? 'plan change' : 'add-ons and quantity'}`
  return c.html(
    consolePage({
      title,
      path: '/console/subscriptions',
      assets: setting.assets,
      operator,
      children: (
        <>
          <div class="head">
            <div>
              <h1>{title}</h1>
              <p>
                {subscription.userId}:{' '}
                {isPlanChange ? await planChangeOf(setting, plan, preview, form) : plan.name}
              </p>
            </div>
          </div>
          {!isPlanChange && (
            <ChangedItems
              own={{ plan, quantity: subscription.quantity }}
              choices={await readAddonChoices(plans, subscription, plan)}
              form={form}
            />
          )}
          <Review
            preview={preview}
            path={`/console/subscriptions/${subscription.id}`}
            action={action}
            csrf={operator.csrf}
            fields={isPlanChange ? planFields(preview, form) : itemFields(subscription, form)}
          />
        </>
      ),
    }),
  )
}

async function planChangeOf(
  { repositories }: PageSetting,
  before: PlanVersion,
  preview: Preview,
  { quantity = '' }: Form,
): Promise<string> {
  const after = await repositories.plans.findActive(preview.plan)
  const units = quantity === '' ? '' : `, quantity ${quantity}`
  return `${before.name} → ${after?.name ?? preview.plan}${units}`
}

const planFields = ({ plan }: Preview, { quantity = '' }: Form): Form => ({
  plan_id: plan,
  quantity,
})

/** The units as they were sent, and the items that they were compared with. */
const itemFields = (subscription: Subscription, form: Form): Form => ({
  ...Object.fromEntries(
    Object.entries(form).filter(([name]) => name === 'quantity' || name.startsWith('addon_')),
  ),
  reviewed: reviewedItems(subscription),
})

type ReviewProps = {
  readonly preview: Preview
  readonly path: string
  readonly action: ReviewedAction
  readonly csrf: string
  /** The hidden fields that repeat the change. */
  readonly fields: Form
}

const Review = ({ preview, path, action, csrf, fields }: ReviewProps) => {
  const { amount_due: due, next_price: next, lines, when } = preview
  const amount = FORMAT.money(due.amount_minor, due.currency)
  const submit = REVIEWED[action]
  const hidden = { ...fields, when, proration_date: preview.proration_date ?? '' }
  return (
    <Card title="Charged now" id="charged" aside={<p class="total">{amount}</p>}>
      <Table
        rows={lines}
        empty="Nothing is charged or credited now."
        columns={[
          { name: 'Line', cell: ({ description }) => description },
          {
            name: 'Amount',
            kind: 'number',
            cell: ({ amount_minor: line }) => FORMAT.money(line, due.currency),
          },
        ]}
      />
      {preview.tax_minor > 0 && (
        <p class="muted">Includes {FORMAT.money(preview.tax_minor, due.currency)} tax.</p>
      )}
      <form method="post" action={`${path}/${action}`} class="fields">
        <p>
          {when === 'now'
            ? 'Takes effect now.'
            : `Takes effect on ${FORMAT.dateTime(new Date(preview.takes_effect_at))} UTC.`}{' '}
          Each later period costs {FORMAT.money(next.amount_minor, next.currency)}.
        </p>
        <CallFields token={csrf} />
        <input type="hidden" name="confirmed" value={CONFIRMED} />
        {Object.entries(hidden).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <div class="buttons">
          <button class="primary">
            {due.amount_minor > 0 ? `${submit} and charge ${amount}` : submit}
          </button>
          <a class="button quiet" href={path}>
            Back
          </a>
        </div>
      </form>
    </Card>
  )
}
