import type { Overview } from '../../domain/figures.ts'
import { Card } from '../web/parts.tsx'
import { FORMAT } from './layout.tsx'

const COUNTS = [
  { name: 'Active', of: 'active' },
  { name: 'Trialing', of: 'trialing' },
  { name: 'Past due', of: 'pastDue' },
  { name: 'Other', of: 'other' },
] as const

/** What each plan that somebody has brings in. */
export const PlanTable = ({ overview: { plans, revenue } }: { readonly overview: Overview }) => {
  const totals = new Map(revenue.map(({ currency, mrrMinor }) => [currency, mrrMinor]))
  const shareOf = (mrrMinor: number, currency: string) => mrrMinor / (totals.get(currency) || 1)
  return (
    <Card title="By plan" id="plans">
      {plans.length === 0 ? (
        <p class="empty">No plan has a subscriber.</p>
      ) : (
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">Plan</th>
              {COUNTS.map(({ name }) => (
                <th scope="col" class="number">
                  {name}
                </th>
              ))}
              <th scope="col" class="number">
                MRR
              </th>
              <th scope="col">Share</th>
            </tr>
          </thead>
          <tbody>
            {plans.map((plan) => (
              <tr>
                <th scope="row">
                  <a href={`/console/subscriptions?plan=${encodeURIComponent(plan.slug)}`}>
                    {plan.name}
                  </a>
                </th>
                {COUNTS.map(({ name, of }) => (
                  <td class={plan[of] === 0 ? 'number zero' : 'number'} data-label={name}>
                    {FORMAT.number(plan[of])}
                  </td>
                ))}
                <td class="number" data-label="MRR">
                  {FORMAT.money(plan.mrrMinor, plan.currency)}
                </td>
                <td data-label="Share">
                  <div class="share">
                    <progress
                      aria-label={`Share of ${plan.name} in the revenue`}
                      max={1}
                      value={shareOf(plan.mrrMinor, plan.currency)}
                    />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}
