import type { z } from 'zod'
import type { Period } from '../../domain/catalogue/period.ts'
import type { previewSchema } from '../subscriptions/change-preview.ts'
import { CallFields } from '../web/parts.tsx'
import type { Visit } from './setting.ts'

type Props = {
  readonly preview: z.infer<typeof previewSchema>
  readonly names: {
    readonly before: string
    readonly after: string
    readonly period: Period | undefined
  }
  readonly visit: Visit
  readonly id: string
}

/** The review of a plan change: what is charged now, what from then on, and the button that confirms it. */
export const Review = ({ preview, names, visit, id }: Props) => {
  const { texts, format, visitor } = visit
  const { amount_due: due, next_price: next, lines, when } = preview
  const amount = format.money(due.amount_minor, due.currency)
  const isCharged = due.amount_minor > 0
  const per = names.period === undefined ? '' : ` ${texts.per(names.period)}`
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
        {preview.tax_minor > 0 && (
          <p class="muted">{texts.ofWhichTax(format.money(preview.tax_minor, due.currency))}</p>
        )}
        {!isCharged && <p class="muted">{texts.nothingDue}</p>}
      </div>
      <p>
        {when === 'now'
          ? texts.takesEffectNow
          : `${texts.takesEffect(format.date(new Date(preview.takes_effect_at)))} ${texts.keptUntilThen(names.before)}`}{' '}
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
