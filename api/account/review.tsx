import type { z } from 'zod'
import type { Period } from '../../domain/catalogue/period.ts'
import type { previewSchema } from '../subscriptions/change-preview.ts'
import type { Form } from '../web/form.ts'
import { CallFields } from '../web/parts.tsx'
import type { Visit } from './setting.ts'

type Props = {
  readonly preview: z.infer<typeof previewSchema>
  /** The changes: names and values. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** Shown if the change waits for the end of the period: what the customer keeps until then. */
  readonly kept: string
  /** The period of the later price; undefined if it is not known. */
  readonly period: Period | undefined
  readonly visit: Visit
  /** The address of the form that confirms the change. */
  readonly action: string
  /** The hidden fields that repeat the change. */
  readonly fields: Form
  /** The page to choose again. */
  readonly back: string
}

/** The review of a change: what is charged now, what from then on, and the button that confirms it. */
export const Review = (props: Props) => {
  const { preview, facts, kept, period, visit, action, fields, back } = props
  const { texts, format, visitor } = visit
  const { amount_due: due, next_price: next, lines, when } = preview
  const amount = format.money(due.amount_minor, due.currency)
  const isCharged = due.amount_minor > 0
  const per = period === undefined ? '' : ` ${texts.per(period)}`
  const hidden = { ...fields, when, proration_date: preview.proration_date ?? '' }
  return (
    <section class="card fields" aria-label={texts.preview}>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
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
          : `${texts.takesEffect(format.date(new Date(preview.takes_effect_at)))} ${kept}`}{' '}
        {texts.afterwards(`${format.money(next.amount_minor, next.currency)}${per}`)}
      </p>
      <form method="post" action={action}>
        <CallFields token={visitor.csrf} />
        {Object.entries(hidden).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <div class="buttons">
          <button class="primary">{isCharged ? texts.confirmAndPay(amount) : texts.confirm}</button>
          <a class="button quiet" href={back}>
            {texts.back}
          </a>
        </div>
      </form>
    </section>
  )
}
