import type { Context } from 'hono'
import type { z } from 'zod'
import type { Subscription } from '../../domain/subscription/subscription.ts'
import type { Problem } from '../problem.ts'
import { previewSchema } from '../subscriptions/change-preview.ts'
import type { Form } from '../web/form.ts'
import { CallFields, Card } from '../web/parts.tsx'
import type { PageSetting } from '../web/setting.ts'
import { Table } from '../web/table.tsx'
import { consolePage, FORMAT } from './layout.tsx'
import { CONFIRMED, OPERATOR_ACTIONS } from './operator-actions.ts'
import type { ConsoleEnvironment } from './session.ts'

type Preview = z.infer<typeof previewSchema>

type Submitted = {
  readonly form: Form
  /** Answers when the change is not possible. */
  readonly refuse: (problem: Problem) => Response | Promise<Response>
}

/** Shows what a plan change charges now and later. Only the form of this page, when confirmed, changes the plan. */
export async function showReview(
  c: Context<ConsoleEnvironment>,
  setting: PageSetting,
  subscription: Subscription,
  { form, refuse }: Submitted,
): Promise<Response> {
  const operator = c.get('operator')
  const answer = await setting.ask({
    caller: operator.callerFor(subscription.userId),
    requestId: c.get('requestId'),
    ...OPERATOR_ACTIONS['change-plan'].preview(subscription, form),
  })
  if (!answer.ok) return refuse(answer.problem)
  const preview = previewSchema.parse(answer.body)
  const { plans } = setting.repositories
  const [before, after] = await Promise.all([
    plans.getVersion(subscription.planVersionId),
    plans.findActive(preview.plan),
  ])
  const names = { before: before.name, after: after?.name ?? preview.plan }
  const { quantity = '' } = form
  return c.html(
    consolePage({
      title: 'Review plan change',
      path: '/console/subscriptions',
      assets: setting.assets,
      operator,
      children: (
        <>
          <div class="head">
            <div>
              <h1>Review plan change</h1>
              <p>
                {subscription.userId}: {names.before} → {names.after}
                {quantity === '' ? '' : `, quantity ${quantity}`}
              </p>
            </div>
          </div>
          <Review preview={preview} csrf={operator.csrf} id={subscription.id} quantity={quantity} />
        </>
      ),
    }),
  )
}

type ReviewProps = {
  readonly preview: Preview
  readonly csrf: string
  readonly id: string
  readonly quantity: string
}

const Review = ({ preview, csrf, id, quantity }: ReviewProps) => {
  const { amount_due: due, next_price: next, lines, when } = preview
  const amount = FORMAT.money(due.amount_minor, due.currency)
  const path = `/console/subscriptions/${id}`
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
      <form method="post" action={`${path}/change-plan`} class="fields">
        <p>
          {when === 'now'
            ? 'Takes effect now.'
            : `Takes effect on ${FORMAT.dateTime(new Date(preview.takes_effect_at))} UTC.`}{' '}
          Each later period costs {FORMAT.money(next.amount_minor, next.currency)}.
        </p>
        <CallFields token={csrf} />
        <input type="hidden" name="confirmed" value={CONFIRMED} />
        <input type="hidden" name="plan_id" value={preview.plan} />
        <input type="hidden" name="when" value={when} />
        <input type="hidden" name="quantity" value={quantity} />
        <input type="hidden" name="proration_date" value={preview.proration_date ?? ''} />
        <div class="buttons">
          <button class="primary">
            {due.amount_minor > 0 ? `Change plan and charge ${amount}` : 'Change plan'}
          </button>
          <a class="button quiet" href={path}>
            Back
          </a>
        </div>
      </form>
    </Card>
  )
}
