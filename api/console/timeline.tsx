import { perPeriodInEnglish } from '../../domain/catalogue/period-words.ts'
import type { PlanVersion } from '../../domain/catalogue/plan.ts'
import type { NamedEntry } from '../subscriptions/timeline-entries.ts'
import { titleOf, wordsOf } from '../web/format.ts'
import { Card } from '../web/parts.tsx'
import { causeInWords } from './cause-words.ts'
import type { SubscriptionDetails } from './details.ts'
import { FORMAT } from './layout.tsx'

/** The timeline of a subscription, newest first. */
export const Timeline = ({
  details: { timeline, featureOf },
}: {
  readonly details: Pick<SubscriptionDetails, 'timeline' | 'featureOf'>
}) => (
  <Card title="Timeline" id="timeline">
    {timeline.length === 0 ? (
      <p class="empty">No entries yet.</p>
    ) : (
      <ol class="timeline">
        {timeline.map((entry) => (
          <li>
            <p>
              {titleOf(entry.kind)}
              <Difference entry={entry} />
            </p>
            <p class="muted small">
              <time datetime={entry.at.toISOString()}>{FORMAT.dateTime(entry.at)}</time> · by{' '}
              {requesterOf(entry)} ·{' '}
              <span title={entry.cause}>{causeInWords(entry.cause, featureOf, FORMAT.number)}</span>
            </p>
          </li>
        ))}
      </ol>
    )}
  </Card>
)

/** From which plan to which, or from which status to which. */
const Difference = ({ entry: { planStep, before, after } }: { readonly entry: NamedEntry }) => (
  <>
    {planStep !== null && (
      <span class="muted">
        {' '}
        · {termsOf(planStep.from)} → {termsOf(planStep.to)}
        {planStep.at !== null && `, ${FORMAT.date(new Date(planStep.at))}`}
      </span>
    )}
    {before !== null && before.status !== after.status && (
      <span class="muted">
        {' '}
        · {wordsOf(before.status)} → {wordsOf(after.status)}
      </span>
    )}
  </>
)

const termsOf = ({ plan, quantity }: { readonly plan: PlanVersion; readonly quantity: number }) =>
  `${quantity === 1 ? '' : `${FORMAT.number(quantity)} × `}${plan.name} (${FORMAT.money(plan.price.amountMinor, plan.price.currency)} ${perPeriodInEnglish(plan.period)})`

/** The actor, with the key that sent the command or the name given in the Temporal UI. */
function requesterOf({ actor, keyName, askedBy }: NamedEntry): string {
  const names = [keyName === null ? [] : `key “${keyName}”`, askedBy ?? []].flat()
  return names.length === 0 ? actor : `${actor} (${names.join(', ')})`
}
