import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { NamedEntry } from '../subscriptions/timeline-entries.ts'
import { Card } from '../web/parts.tsx'
import type { Visit } from './setting.ts'

type Props = { readonly entries: readonly NamedEntry[]; readonly visit: Visit }

/** The changes of plan that have taken effect, newest first: from which plan to which, at which prices, and who asked. */
export const PlanHistory = ({ entries, visit }: Props) => {
  const { texts, format } = visit
  const changed = entries.filter(({ kind }) => kind === 'plan_changed')
  if (changed.length === 0) return <></>
  return (
    <Card title={texts.planHistory} id="plan-history">
      <ul class="usage">
        {changed.toReversed().map(({ at, actor, planStep }) => (
          <li>
            <p>{planStep && `${termsOf(planStep.from, visit)} → ${termsOf(planStep.to, visit)}`}</p>
            <p class="muted small">
              {format.date(at)} · {texts.actors[actor]}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
}

type Units = { readonly plan: PlanVersion; readonly quantity: number }

const termsOf = ({ plan, quantity }: Units, { texts, format }: Visit) =>
  `${quantity === 1 ? '' : `${format.number(quantity)} × `}${plan.name} (${format.money(plan.price.amountMinor, plan.price.currency)} ${texts.per(plan.period)})`
